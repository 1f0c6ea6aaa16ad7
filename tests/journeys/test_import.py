"""A table whose columns nobody understands: said once, by whoever imports it, and remembered."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opener, Site
from tests.journeys.every_page import addresses
from tests.journeys.looks import faults

pytestmark = pytest.mark.journey

XB = "xavier.brosset@leni.example"
# What Outlook exports in Polish, under a title that somebody added.
FIRST = "Kontakty targowe,,,\r\nTytuł,Imię,Nazwisko,Adres e-mail\r\n,Zofia,NOWAK,zofia@targi.example\r\n,Jan,KOWALSKI,jan@targi.example\r\n"
SECOND = (
    "Kontakty targowe,,,\r\nTytuł,Imię,Nazwisko,Adres e-mail\r\n,Ewa,LIS,ewa@targi.example\r\n,,,\r\n,Bez,ADRESU,\r\n"
)


def give(page: Page, content: str) -> None:
    page.get_by_label("Tableau").set_input_files(
        {"name": "Kontakty.csv", "mimeType": "text/csv", "buffer": content.encode("utf-16")}
    )
    page.get_by_role("button", name="Lire le fichier").click()


def test_an_export_of_outlook_is_imported_by_saying_its_columns(site: Site, open_page: Opener) -> None:
    page, path = open_page(XB), f"/equipe/societes/{addresses(site)['company']}/import/"
    page.goto(path)
    give(page, FIRST)
    assert faults(page) == []
    for column, name in (("c1", "first_name"), ("c2", "last_name"), ("c3", "email")):
        page.locator(f"[name='{column}']").select_option(value=name)
    page.locator("[name='first']").select_option(value="3")
    page.get_by_role("button", name="Lire avec ces colonnes").click()
    expect(page.get_by_text("2 contacts à inviter")).to_be_visible()
    page.get_by_role("button", name="Inviter 2 contacts").click()
    expect(page.get_by_text("import est fait")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Zofia NOWAK")).to_be_visible()

    phone = open_page(XB, width=390)  # remembered, for whoever imports one of the same titles
    phone.goto(path)
    give(phone, SECOND)
    expect(phone.get_by_text("1 contact à inviter, 0 déjà connu, 1 ligne à corriger")).to_be_visible()
    expect(phone.get_by_role("row").filter(has_text="ADRESU")).to_contain_text("5")
    assert faults(phone) == []
