"""Tickets that may speak of the same thing, through the addresses that ask for them."""

import pytest

from calypso.search.nearby import nearby
from calypso.tickets.models import Ticket
from tests.pages import words
from tests.world import World, new_ticket, say


@pytest.fixture
def refused(world: World) -> Ticket:
    return new_ticket(world, title="Paiement refusé par la banque", page_url="https://salon.example/payer")


def near(world: World, who: str, title: str, page_url: str = "", project: str = "A1") -> list[str]:
    """The references of those found."""
    rows = nearby(world.person(who), project=world.project(project), title=title, page_url=page_url)
    return [row.reference for row in rows]


@pytest.mark.parametrize(
    "title, page_url, found",
    [
        ("Le paiement est refusé", "", True),
        ("PAIEMENT REFUSE", "", True),
        ("Banque", "", True),  # the only word
        ("Paiement en trois fois", "", False),  # one word of two
        ("Tout autre chose", "https://salon.example/payer", True),
        ("de la par", "", False),  # nothing but small words
        ("", "", False),
        ("100 % _ refusé", "", True),
    ],
)
def test_two_words_or_the_same_page(world: World, refused: Ticket, title: str, page_url: str, found: bool) -> None:
    assert (refused.reference in near(world, "dec", title, page_url)) is found


def test_the_nearest_comes_first_closed_or_not(world: World, refused: Ticket) -> None:
    nearer = say(world, "dec", new_ticket(world, title="Paiement refusé, carte étrangère"), "close")
    assert near(world, "dec", "Paiement refusé carte") == [nearer.reference, refused.reference]


def test_r1_only_what_the_person_sees_of_that_project(browser, world: World, refused: Ticket) -> None:
    asked = "/proches/?title=paiement+refuse"
    key, other = world.project("A1").key, world.project("B1").key
    assert refused.reference in words(browser("dec").get(f"/projets/{key}{asked}"))
    assert refused.reference in words(browser("agent").get(f"/equipe/projets/{key}{asked}"))
    assert browser("bpm").get(f"/projets/{key}{asked}").status_code == 404
    assert refused.reference not in words(browser("bpm").get(f"/projets/{other}{asked}"))
    assert words(browser("dec").get(f"/projets/{key}/proches/")) == ""


@pytest.mark.parametrize("asked", ["title=a%00b", "page_url=%00", f"title={'a' * 3000}", f"page_url={'a' * 3000}"])
def test_r53_what_no_ticket_could_hold_is_refused(browser, world: World, asked: str) -> None:
    assert browser("dec").get(f"/projets/{world.project('A1').key}/proches/?{asked}").status_code == 422


def test_the_desk_shows_them_beside_a_ticket(browser, world: World, refused: Ticket) -> None:
    again = new_ticket(world, title="Encore un paiement refusé")
    page = words(browser("agent").get(f"/equipe/tickets/{again.reference}/"))
    assert "Tickets proches" in page
    assert refused.title in page
    assert "Tickets proches" not in words(browser("agent").get(f"/equipe/tickets/{world.ticket('B1').reference}/"))
