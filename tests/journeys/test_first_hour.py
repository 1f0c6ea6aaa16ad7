"""The first hour of a vendor: from an empty installation to the first answered ticket, in the browser alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.installation import Installation, installation, wait_for
from tests.journeys.conftest import plain
from tests.smtp import SmtpServer

pytestmark = pytest.mark.journey

PASSWORD = "Un premier mot de passe 1"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[Installation, SmtpServer]]:
    """An installation where nothing was done but `calypso migrate`, with a real SMTP server."""
    with SmtpServer() as smtp:
        settings = {
            "CALYPSO_EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}",
            "CALYPSO_MAIL_FROM": "extranet@orvault.example",
            "CALYPSO_LOG_LEVEL": "ERROR",
        }
        with installation(tmp_path / "site", **settings) as made:
            made.serve(demo=False)
            yield made, smtp


def link_of(smtp: SmtpServer, address: str) -> str:
    """The link by which somebody chooses their password, from the mail that they received."""

    def links() -> list[str]:
        bodies = [mail.get_body(("plain",)) for mail in smtp.messages if mail["To"] == address]
        return [link for body in bodies if body for link in re.findall(r"http://\S+/lien/\S+", body.get_content())]

    wait_for(lambda: bool(links()), 60)
    return links()[-1]


def choose_password(page: Page, link: str) -> None:
    page.goto(link)
    for field in page.locator("input[type='password']").all():
        field.fill(PASSWORD)
    page.locator("input[type='password']").last.press("Enter")
    expect(page.locator("input[type='password']")).to_have_count(0)


def test_one_person_goes_from_nothing_to_the_first_answered_ticket(
    empty: tuple[Installation, SmtpServer], chromium: Browser
) -> None:
    made, smtp = empty
    printed = made.run("init", "ada@orvault.example", "Ada", "MINISTRE")
    link = re.search(r"http://\S+/lien/\S+", printed)
    assert link
    page = chromium.new_context(base_url=made.address, locale="fr-FR").new_page()
    choose_password(page, link[0])
    page.goto("/equipe/")
    page.get_by_role("link", name="Premiers pas").click()
    expect(page.locator(".steps-list .done")).to_have_count(1)

    page.get_by_role("listitem").filter(has_text="Nommer l").get_by_role("link", name="Réglages").click()
    page.locator("#id_vendor").fill("Orvault")
    page.get_by_label("Adresse du support").fill("aide@orvault.example")
    page.get_by_label("Couleur").fill("#7a1f6e")
    page.locator("#identite").get_by_role("button", name="Enregistrer").click()
    expect(page.locator("link[href='/couleurs/7a1f6e.css']")).to_have_count(1)
    page.get_by_role("link", name="Mentions légales").first.click()
    page.get_by_label("Français").fill("Orvault SAS, 12 rue des Halles, Nantes")
    page.get_by_label("English").fill("Orvault SAS, 12 rue des Halles, Nantes, France")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/equipe/reglages/?fait=enregistre*")

    page.goto("/equipe/premiers-pas/")
    page.get_by_role("button", name="Envoyer un essai").click()
    expect(page.get_by_role("status").filter(has_text="Remis")).to_be_visible()  # the page follows by itself
    (trial,) = [mail for mail in smtp.messages if "serveur de mail" in str(mail["Subject"])]
    assert "Orvault" in plain(trial.get_body(("plain",)).get_content())  # type: ignore[union-attr]

    page.goto("/equipe/membres/")
    page.locator("#id_first_name").fill("Sam")
    page.locator("#id_last_name").fill("AGENT")
    page.locator("#id_email").fill("sam@orvault.example")
    page.get_by_text("Intervenant", exact=True).click()
    page.get_by_role("button", name="Inviter", exact=True).click()

    page.goto("/equipe/societes/")
    page.locator("#id_name").fill("SALON PARIS")
    page.get_by_role("button", name="Ajouter").click()
    page.get_by_text("Inviter un contact").click()
    page.locator("#id_first_name").fill("Claire")
    page.locator("#id_last_name").fill("MOREAU")
    page.locator("#id_email").fill("claire@salon.example")
    page.get_by_role("button", name="Inviter", exact=True).click()
    expect(page.get_by_text("invitation est partie.")).to_be_visible()
    page.get_by_text("Ajouter un projet").click()
    page.locator("#id_name").fill("Extranet exposants")
    page.locator("#id_vendor_manager").select_option(label="Ada MINISTRE")
    page.get_by_role("button", name="Ajouter", exact=True).last.click()

    client = chromium.new_context(base_url=made.address, locale="fr-FR").new_page()
    choose_password(client, link_of(smtp, "claire@salon.example"))
    client.goto("/projets/")
    client.get_by_role("link", name="Créer un ticket").first.click()
    client.get_by_label("Objet de votre demande").fill("Le plan est vide")
    client.get_by_text("Faible", exact=True).click()
    client.get_by_role("button", name="Valider").click()
    expect(client.get_by_text("Votre ticket est enregistré")).to_be_visible()

    page.goto("/equipe/")
    page.get_by_role("link", name="Le plan est vide").click()
    page.locator("[data-composer] textarea").fill("Bonjour, le plan est revenu.")
    page.get_by_role("button", name="Envoyer au client").click()
    expect(page.locator("#conversation")).to_contain_text("le plan est revenu")
    client.reload()
    expect(client.locator("main")).to_contain_text("le plan est revenu")
    page.goto("/equipe/premiers-pas/")
    expect(page.locator(".steps-list .done")).to_have_count(9)
    assert "9 sur 9" in plain(page.locator("main").inner_text())
