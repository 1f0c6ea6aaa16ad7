"""The search with hands: the slash, letters, arrows; filters offered; words marked."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Opener

pytestmark = pytest.mark.journey


def test_a_client_finds_a_ticket_with_the_keyboard_alone(open_page: Opener) -> None:
    page = open_page("xavier.declarant@leni-tests.example")
    page.goto("/projets/")
    page.keyboard.press("/")
    page.keyboard.type("créatoin inscr")
    offered = page.locator(".offered")
    expect(offered.get_by_role("link").first).to_contain_text("Problème à la création d")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/KJC0E3R/")


def test_filters_are_offered_and_taken_then_the_whole_page_answers(open_page: Opener) -> None:
    page = open_page("xavier.declarant@leni-tests.example")
    page.goto("/recherche/")
    field = page.locator("#id_q")
    field.fill("badge éta")
    page.locator("[data-becomes='badge état:']").click()
    expect(field).to_have_value("badge état:")
    page.get_by_role("button", name="état:ouvert").click()
    field.press("Enter")
    expect(page.locator(".results mark").first).to_have_text("badge")
    page.keyboard.press("Escape")


def test_on_a_phone_the_search_is_a_page(open_page: Opener) -> None:
    page = open_page("xavier.declarant@leni-tests.example", width=390, javascript=False)
    page.goto("/projets/")
    page.get_by_role("link", name="Recherche").click()
    page.locator("#id_q").fill("inscription")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator(".results li").first).to_contain_text("KJC0E3R")


def test_the_team_finds_through_the_palette_which_the_slash_opens(open_page: Opener) -> None:
    page = open_page("sincere.brandy@leni.example")
    page.goto("/equipe/lots/")
    page.keyboard.press("/")
    page.locator("#palette input").fill("inscription")
    expect(page.locator("#trouve")).to_contain_text("KJC0E3R")
    page.get_by_role("link", name="Tous les résultats").click()
    page.wait_for_url("**/equipe/recherche/?q=inscription")
    expect(page.locator(".results li").first).to_contain_text("KJC0E3R")
