"""The desk as the team lives in it: a queue emptied by keyboard alone, many tickets in one order."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opener, Site
from tests.journeys.every_page import XB

pytestmark = pytest.mark.journey

TWENTY = """
from calypso.accounts.models import User
from calypso.projects.models import Project
from calypso.tickets.actions.opening import Request, open_ticket
by = User.objects.get(email="xavier.declarant@leni-tests.example")
project = Project.objects.get(name__startswith="Projet de Test")
for number in range(20): open_ticket(by, project=project, request=Request(title=f"Vingtaine {number}", priority="1"))
"""


def press(page: Page, *keys: str) -> None:
    """Keys, the last of which leads to another page."""
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def test_an_agent_empties_a_queue_of_twenty_with_the_keyboard_alone(site: Site, open_page: Opener) -> None:
    site.made.python(TWENTY)
    page = open_page("sincere.brandy@leni.example")
    page.goto("/equipe/?etat=new&q=Vingtaine&tri=reference")
    expect(page.get_by_role("heading", level=1)).to_contain_text("20")
    press(page, "j", "Enter")
    for number in range(20):
        expect(page.get_by_role("heading", level=1)).to_contain_text("Vingtaine")
        if number == 0:  # what is being written goes where the tabs say
            page.keyboard.press("n")
            page.keyboard.type("Vu, je regarde.")
            press(page, "Control+Enter")
            expect(page.locator("#conversation")).to_contain_text("Note interne")
            page.keyboard.press("r")
            page.keyboard.type("Bonjour, nous regardons.")
            press(page, "Control+Enter")
            expect(page.locator("#conversation")).to_contain_text("Bonjour, nous regardons.")
        press(page, "m")
        expect(page.locator(".pairs").first).to_contain_text("Affecté")
        if number < 19:
            press(page, "j")
    expect(page.get_by_role("link", name="Suivant")).to_have_count(0)
    page.goto("/equipe/?etat=new&q=Vingtaine")
    expect(page.get_by_text("Aucun ticket ne correspond")).to_be_visible()
    page.goto("/equipe/?intervenant=moi&q=Vingtaine")
    expect(page.get_by_role("heading", level=1)).to_contain_text("20")


@pytest.mark.parametrize("scripted", [True, False])
def test_many_tickets_in_one_order_with_and_without_javascript(scripted: bool, site: Site, open_page: Opener) -> None:
    page = open_page(XB, javascript=scripted)
    page.goto("/equipe/?etat=new")
    boxes = page.locator("input[name='ref']")
    bar = page.locator("[data-bulk-bar]")
    if scripted:
        expect(bar).to_be_hidden()
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(bar).to_contain_text("1 sélectionné")
        boxes.nth(1).check()
        expect(bar).to_contain_text("2 sélectionnés")
    else:
        boxes.nth(0).check()
        boxes.nth(1).check()
    page.get_by_role("button", name=re.compile("Retenir une priorité")).click()
    page.get_by_label("Priorité retenue").select_option(label="Bloquant" if scripted else "Faible")
    page.get_by_label("Motif, que le client lira").fill("Ouverture du salon demain")
    page.get_by_role("button", name="Appliquer aux 2 tickets").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 tickets traités")
