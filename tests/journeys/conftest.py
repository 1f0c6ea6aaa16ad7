"""Journeys: a real installation (web server, worker, database, SMTP server) and a real Chromium."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from calypso.demo.people import CLIENT_PASSWORD, STAFF_PASSWORD
from tests.imap import ImapServer
from tests.installation import Installation, installation, prepared, wait_for
from tests.smtp import SmtpServer

# pytest-django's live objects are not used here: everything goes through the processes of the installation.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
expect.set_options(timeout=15_000)


def pytest_itemcollected(item: pytest.Item) -> None:
    """A journey's file runs in one process, on one site; the looks at the team's pages may run beside the clients'."""
    team = "axe_finds_nothing" in item.name and any(f"[{who}]" in item.name for who in ("staff", "rd", "admin"))
    item.add_marker(pytest.mark.xdist_group("looks of the team" if team else item.path.name))


def plain(text: str) -> str:
    """The text without the spaces and apostrophes of typography."""
    return text.replace("\u202f", " ").replace("’", "'")


def first_lines(mail: EmailMessage) -> list[str]:
    """What a mail says before its facts: its first three lines that are not empty."""
    body = mail.get_body(("plain",))
    assert body is not None
    return [line for line in plain(body.get_content()).splitlines() if line][:3]


@dataclass
class Site:
    """The running product, the mails that left it, the mailbox that it reads."""

    made: Installation
    smtp: SmtpServer
    imap: ImapServer

    def mails(self, words: str, reference: str) -> list[EmailMessage]:
        """The messages about `reference` (any ticket when empty) whose text begins by saying `words`, a pattern."""
        pattern = rf"\[{reference or r'\w+'}\] "
        mails = [mail for mail in self.smtp.messages if re.match(pattern, str(mail["Subject"]))]
        return [mail for mail in mails if re.search(words, "\n".join(first_lines(mail)))]

    def recipients(self, words: str, reference: str, number: int) -> list[str]:
        """Who received that mail, sorted, once `number` of them arrived."""
        wait_for(lambda: len(self.mails(words, reference)) >= number, 60)
        return sorted(str(mail["To"]) for mail in self.mails(words, reference))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration world, served, with real mail servers on both sides."""
    with SmtpServer() as smtp, ImapServer(tmp_path_factory.mktemp("imap")) as imap:
        settings = {"CALYPSO_EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}", "CALYPSO_IMAP_URL": imap.url}
        folder = tmp_path_factory.mktemp("sites") / "site"
        with installation(folder, like=prepared("demonstration", tmp_path_factory), **settings) as made:
            made.serve()
            yield Site(made, smtp, imap)


@pytest.fixture(scope="session")
def playwright_here() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright_here: Playwright) -> Iterator[Browser]:
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    browser = playwright_here.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Opener]:
    """Opens a browser window of somebody, signed in; any console error or foreign request fails the test."""
    contexts, seen = [], []

    def opened(
        email: str = "", *, width: int = 1280, scheme: str = "light", javascript: bool = True, troubles: bool = True
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 860},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale="fr-FR",
            base_url=site.made.address,
            java_script_enabled=javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: seen.append(f"error: {error}"))
        if troubles:  # where the network is cut on purpose, the console says so
            page.on(
                "console",
                lambda message: seen.append(message.text) if _is_trouble(message.type, message.text) else None,
            )
        page.on(
            "request",
            lambda request: seen.append(request.url) if _is_foreign(request.url, site.made.address) else None,
        )
        if email:
            sign_in(page, email)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert seen == []


def _is_trouble(kind: str, text: str) -> bool:
    """Console errors, except the refusals (4xx) that a journey provokes."""
    return kind == "error" and not re.search(r"status of 4\d\d", text)


def _is_foreign(url: str, address: str) -> bool:
    return not url.startswith((address, "data:", "blob:"))


def identify(page: Page, email: str, password: str = "") -> None:
    """Gives the address and the password on the sign-in page that stands open."""
    known = CLIENT_PASSWORD if not email.endswith("@leni.example") else STAFF_PASSWORD
    page.get_by_label("Identifiant (email)").fill(email)
    page.get_by_label("Mot de passe", exact=False).first.fill(password or known)
    page.get_by_role("button", name="Se connecter").click()


def begin_ticket(page: Page, title: str, priority: str) -> None:
    """Fills what a client's new ticket must say, on the project of the guide."""
    page.goto("/tickets/nouveau/")
    page.get_by_label("Projet concerné").select_option(label="Projet de Test de gestion du Ticketing (LENI - TESTS)")
    page.get_by_label("Objet de votre demande").fill(title)
    page.get_by_text(priority, exact=True).click()


def sign_in(page: Page, email: str, password: str = "") -> None:
    page.goto("/connexion/")
    identify(page, email, password)
    page.wait_for_url(re.compile(r"/(projets|equipe|tickets)/"))
