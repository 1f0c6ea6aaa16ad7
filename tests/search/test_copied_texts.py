"""Texts as they are copied and typed: invisible signs, terminal colours, digests, names whose marks are left out."""

import pytest

from calypso.base.errors import Invalid
from calypso.search.results import search_page
from calypso.tickets.models import Ticket
from tests.world import World, new_ticket, say

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

# What stands in the ticket → what is typed to find it.
FOUND = {
    "signal\u00adétique du hall": "signalétique",
    "signal\u200bétique du hall": "signaletique",
    f"empreinte {DIGEST} du paquet": DIGEST,
    f"empreinte  {DIGEST}": DIGEST[:20],
    "le stand A-42 est vide": "A42",
    "le stand A42 est vide": "A-42",
    "la carte B.12/7": "B127",
    "badge de M. O'Neil": "oneil",
    "badge de M. O’Neil": "O'Neil",
    "badge de Mme D'Angelo": "dangelo",
    "stand de Guns'N'Roses": "gunsnroses",
    "\x1b[31mERREUR\x1b[0m du montage": "erreur montage",
}


@pytest.mark.parametrize("text", FOUND)
def test_it_is_found_as_people_type_it(text: str, world: World) -> None:
    in_title = new_ticket(world, title=text)
    in_text = new_ticket(world, title="Autre", description=text)
    in_comment = new_ticket(world, title="Encore autre")
    say(world, "dec", in_comment, "comment", text)
    found = {row.pk for row in search_page(world.dec, FOUND[text]).page.rows}
    assert {in_title.pk, in_text.pk, in_comment.pk} <= found


def test_an_elision_is_still_no_word(world: World) -> None:
    ticket = new_ticket(world, title="L'entrée d'honneur n'ouvre pas")
    assert ticket.pk in {row.pk for row in search_page(world.dec, "entree honneur").page.rows}


def test_what_nobody_sees_is_taken_out_not_refused(world: World) -> None:
    ticket = new_ticket(world, title="\ufeffUn\u200b titre\u00ad", description="\x1b[1;31mrouge\x1b[0m et \x07cloche")
    row = Ticket.objects.get(pk=ticket.pk)
    assert (row.title, row.description) == ("Un titre", "rouge et cloche")


@pytest.mark.parametrize("title", ["\u200b", "\u00ad", "\ufeff \u2060", "\u200e"])
def test_a_title_of_nothing_visible_is_missing(title: str, world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        new_ticket(world, title=title)
    assert list(refusal.value.errors) == ["title"]
