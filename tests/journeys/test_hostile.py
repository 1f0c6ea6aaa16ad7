"""Everything a person types is text: a payload in every writable field runs nowhere and shows as typed (R46, R48, R56)."""

import re
from html import unescape

import pytest
from playwright.sync_api import Page, expect

from tests.files import PNG
from tests.journeys.conftest import Opener, Site, begin_ticket, identify
from tests.journeys.every_page import CDP, XB

pytestmark = pytest.mark.journey

PAYLOAD = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\'"{{7*7}}'
SHORT = '<svg onload="window.pwned=1">'
ADMIN = "admin@leni.example"


def crawl(page: Page, start: list[str]) -> int:
    """Reads every page reached by links from `start`, and opens those that hold the payload: it must not have run.

    Returns how many were opened: a page that does not hold it has nothing to run.
    """
    seen: set[str] = set()
    todo, opened = list(start), 0
    while todo:
        path = todo.pop()
        shape = re.sub(r"[?].*", "", path)
        if shape in seen or "fichiers" in path or "/static/" in path or len(seen) > 90:
            continue
        seen.add(shape)
        answer = page.request.get(path)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        html = answer.text()
        todo += [unescape(link) for link in re.findall(r'href="(/[^"#]*)', html)]
        if "window.pwned" in html:
            page.goto(path)
            assert page.evaluate("window.pwned") is None, path
            opened += 1
    return opened


def test_r46_a_payload_everywhere_runs_nowhere(site: Site, open_page: Opener) -> None:
    admin = open_page(ADMIN)
    admin.goto("/equipe/societes/")
    admin.get_by_label("Nom de la société").fill(SHORT)
    admin.get_by_role("button", name="Ajouter").click()
    admin.get_by_text("Inviter un contact").click()
    admin.locator("#id_first_name").fill(SHORT)
    admin.locator("#id_last_name").fill(SHORT)
    admin.locator("#id_email").fill("hostile@x.example")
    admin.get_by_role("button", name="Inviter", exact=True).click()
    admin.get_by_text("Ajouter un projet").click()
    admin.locator("#id_name").fill(SHORT)
    admin.locator("#id_vendor_manager").select_option(label="Xavier BROSSET")
    admin.get_by_role("button", name="Ajouter", exact=True).click()
    expect(admin.get_by_role("heading", level=1)).to_contain_text(SHORT)

    client = open_page(CDP)
    client.goto("/tickets/nouveau/")
    client.get_by_label("Projet concerné").select_option(label="Projet de Test de gestion du Ticketing (LENI - TESTS)")
    client.get_by_label("Objet de votre demande").fill(PAYLOAD)
    client.get_by_label("Description", exact=True).fill(PAYLOAD + "\njavascript:alert(1)\nhttps://a.example/<b>")
    client.get_by_label("Url de la page").fill('https://a.example/"onmouseover="window.pwned=1')
    client.locator("#id_attachments").set_input_files(
        [{"name": f"{SHORT}.png", "mimeType": "image/png", "buffer": PNG}]
    )
    expect(client.locator("[data-kept]")).to_contain_text("_svg onload=")
    client.get_by_text("Bloquant", exact=True).click()
    client.get_by_label("Et le contexte").fill(PAYLOAD)
    client.get_by_role("button", name="Valider").click()
    expect(client.get_by_role("heading", level=1)).to_contain_text(PAYLOAD)
    reference = client.url.rstrip("/").rsplit("/", 1)[1]
    links = client.eval_on_selector_all("main a", "links => links.map(link => link.href)")
    assert not [link for link in links if link.startswith("javascript:")]
    client.get_by_text("Ajouter", exact=True).click()
    client.get_by_role("textbox", name="Commentaires").fill(PAYLOAD)
    client.get_by_role("button", name="Ajouter le commentaire").click()
    expect(client.locator("#conversation")).to_contain_text(PAYLOAD)
    client.goto("/profil/")
    client.locator("#id_first_name").fill(SHORT)
    client.get_by_role("button", name="Enregistrer").click()
    expect(client.get_by_text("Votre profil est enregistré")).to_be_visible()

    manager = open_page(XB)
    manager.goto(f"/equipe/tickets/{reference}/")
    manager.get_by_role("textbox", name="Texte").fill(PAYLOAD)
    manager.get_by_role("radio", name="Note interne").check()
    manager.get_by_role("button", name="Ajouter une note interne").click()
    manager.locator(".panel summary", has_text="Priorité").click()
    manager.locator("#id_priority").get_by_text("Faible", exact=True).click()
    manager.locator("#id_reason").fill(PAYLOAD)
    manager.get_by_role("button", name="Retenir cette priorité").click()
    expect(manager.get_by_text("La priorité retenue est enregistrée")).to_be_visible()

    assert crawl(client, ["/projets/", "/tickets/", f"/tickets/{reference}/"]) > 8
    assert (
        crawl(
            manager,
            [
                "/equipe/",
                f"/equipe/tickets/{reference}/",
                "/equipe/societes/",
                "/equipe/projets/",
                "/equipe/courriers/",
            ],
        )
        > 12
    )


def test_r56_a_direction_override_moves_no_neighbour(site: Site, open_page: Opener) -> None:
    page = open_page(CDP)
    begin_ticket(page, "abc\u202edef", "Faible")
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("abcdef")


def test_r109_r120_a_session_that_ends_while_writing_loses_nothing(site: Site, open_page: Opener) -> None:
    page = open_page(CDP)
    page.goto("/tickets/5VH8E3Z/")
    page.get_by_text("Ajouter", exact=True).click()
    page.get_by_role("textbox", name="Commentaires").fill("Écrit pendant une longue réunion")
    page.context.clear_cookies(name="calypso")
    page.get_by_role("button", name="Ajouter le commentaire").click()
    identify(page, CDP)
    expect(page.get_by_role("textbox", name="Commentaires")).to_have_value("Écrit pendant une longue réunion")
    page.get_by_role("button", name="Ajouter le commentaire").click()
    expect(page.locator("#conversation")).to_contain_text("Écrit pendant une longue réunion")


def test_r36_back_after_signing_out_shows_nothing(site: Site, open_page: Opener) -> None:
    page = open_page(CDP)
    page.goto("/tickets/5VH8E3Z/")
    page.locator(".footer").get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Vous êtes déconnecté")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Vous avez déjà un compte")).to_be_visible()
