"""The pages of the search, on both sides, and what the field offers as one types."""

import pytest

from tests.pages import words
from tests.world import World, new_ticket, say

pytestmark = pytest.mark.django_db


def test_a_client_searches_from_any_page_and_reads_marked_words(world: World, browser) -> None:
    ticket = new_ticket(world, title="La girouette du hall", description="Elle tourne <vite>.")
    opened = browser("dec")
    assert 'action="/recherche/"' in opened.get("/projets/").content.decode()
    page = opened.get("/recherche/?q=girouettes").content.decode()
    assert "La <mark>girouette</mark> du hall" in page
    assert f'href="/tickets/{ticket.reference}/"' in page
    assert "1 ticket correspond." in page
    assert "Elle tourne &lt;vite&gt;." in page
    assert "Rien ne correspond." in words(opened.get("/recherche/?q=introuvable"))


def test_the_team_is_led_to_its_desk(world: World, browser) -> None:
    ticket = new_ticket(world, title="La girouette du hall")
    opened = browser("agent")
    assert (
        f'href="/equipe/tickets/{ticket.reference}/"' in opened.get("/equipe/recherche/?q=girouette").content.decode()
    )
    offered = opened.get("/recherche/propositions/?q=girouette").content.decode()
    assert f'href="/equipe/tickets/{ticket.reference}/"' in offered
    assert 'href="/equipe/recherche/?q=girouette"' in offered


def test_filters_are_offered_as_one_types(world: World, browser) -> None:
    opened = browser("dec")
    assert 'data-becomes="projet:"' in opened.get("/recherche/propositions/?q=").content.decode()
    assert 'data-becomes="badge état:"' in opened.get("/recherche/propositions/?q=badge+et").content.decode()
    assert 'data-becomes="badge état:clos "' in opened.get("/recherche/propositions/?q=badge+etat:cl").content.decode()
    assert "ne désigne rien de connu" in opened.get("/recherche/?q=etat:xyz").content.decode()


def test_results_are_paged(world: World, browser, settings) -> None:
    settings.LIST_PAGE_SIZE = 2
    for number in range(5):
        new_ticket(world, title=f"Girouette {number}")
    opened = browser("dec")
    first, last = (words(opened.get(f"/recherche/?q=girouette&page={page}")) for page in (1, 9))
    assert "1–2 sur 5" in first
    assert "5–5 sur 5" in last
    part = opened.get("/recherche/?q=girouette", headers={"HX-Request": "true", "HX-Target": "trouves"})
    assert "<main" not in part.content.decode()


def test_closed_tickets_are_ranked_and_marked_then_sorted_as_asked(world: World, browser) -> None:
    for title in ("Girouette", "Autre sujet de girouette au hall"):
        say(world, "dec", new_ticket(world, title=title), "close")
    path = f"/projets/{world.project('A1').key}/clos/?q=girouette"
    ranked = browser("dec").get(path).content.decode()
    assert ranked.index("<mark>Girouette</mark>") < ranked.index("sujet de <mark>girouette</mark>")
    dated = browser("dec").get(f"{path}&tri=-date").content.decode()
    assert dated.index("sujet de <mark>girouette</mark>") < dated.index("<mark>Girouette</mark>")
