"""A conversation by mail: written at the desk, answered from a mail program with a picture, read live at the desk."""

from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from imap_tools import MailBoxUnencrypted
from playwright.sync_api import expect

from tests.files import PNG
from tests.imap import PASSWORD, USER, ImapServer
from tests.installation import installation, prepared, wait_for
from tests.journeys.conftest import Opener, Site, plain
from tests.journeys.test_live import following
from tests.smtp import SmtpServer

pytestmark = pytest.mark.journey
CLIENT, AGENT = "xavier.cdpclient@leni-tests.example", "sincere.brandy@leni.example"


@pytest.fixture(scope="module")
def imap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImapServer]:
    with ImapServer(tmp_path_factory.mktemp("imap")) as server:
        yield server


@pytest.fixture(scope="module")
def site(imap: ImapServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, with a mail server on both sides."""
    with SmtpServer() as smtp:
        settings = {
            "CALYPSO_EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}",
            "CALYPSO_IMAP_URL": imap.url,
            "CALYPSO_REPLY_ADDRESS": "tickets@leni.example",
        }
        folder = tmp_path_factory.mktemp("sites") / "site"
        with installation(folder, like=prepared("demonstration", tmp_path_factory), **settings) as made:
            made.serve()
            yield Site(made, smtp)


def answer(mail: EmailMessage, words: str, image: bytes) -> bytes:
    """The answer to a mail as a mail program makes it: words around a picture, the mail quoted below."""
    page = mail.get_body(("html",))
    assert page is not None
    identifier = make_msgid(domain="alpha.example")
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = CLIENT, mail["Reply-To"], f"Re: {mail['Subject']}"
    made["In-Reply-To"] = made["References"] = mail["Message-ID"]
    made["Message-ID"] = make_msgid(domain="alpha.example")
    made.set_content(f"{words}\n")
    quoted = f'<div class="gmail_attr">Léni a écrit :</div><blockquote>{page.get_content()}</blockquote>'
    shown = f'<div>{words}</div><div><img src="cid:{identifier[1:-1]}"></div><div class="gmail_quote">{quoted}</div>'
    made.add_alternative(shown, subtype="html")
    made.get_payload()[1].add_related(image, "image", "png", cid=identifier, disposition="inline", filename="borne.png")
    return made.as_bytes()


def received(site: Site, words: str) -> EmailMessage:
    """The mail that the client received whose text says these words, once it is there."""

    def found() -> list[EmailMessage]:
        bodies = [(mail, mail.get_body(("plain",))) for mail in site.smtp.to(CLIENT)]
        return [mail for mail, body in bodies if body is not None and words in plain(body.get_content())]

    wait_for(found)
    return found()[-1]


def test_an_answer_by_mail_is_read_live_at_the_desk(site: Site, imap: ImapServer, open_page: Opener) -> None:
    desk = open_page(AGENT)
    following(desk, "/equipe/tickets/OK899Q5/")
    desk.locator("#id_body").fill("Pouvez-vous nous montrer l'écran ?")
    desk.get_by_role("button", name="Envoyer au client").first.click()
    expect(desk.locator("#conversation")).to_contain_text("Pouvez-vous nous montrer")
    mail = received(site, "nous montrer l'écran")
    with MailBoxUnencrypted("127.0.0.1", imap.port).login(USER, PASSWORD) as box:
        box.append(answer(mail, "Voici l'écran de la borne 4.", PNG), "INBOX")
    said = desk.locator("#conversation > li").filter(has_text="écran de la borne 4.")
    expect(said).to_have_count(1)
    expect(said).to_contain_text("borne.png")
    expect(said).not_to_contain_text("Pouvez-vous nous montrer")
    expect(desk.locator("#faits")).to_contain_text("En retour")
    said.get_by_role("link", name="Message d’origine").click()
    expect(desk.locator("main")).to_contain_text("Pouvez-vous nous montrer")
    assert received(site, "qui retourne à l'équipe")
