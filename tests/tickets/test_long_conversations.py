"""A ticket with a long conversation: its newest entries first, the rest on demand, a search inside."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calypso.base import clock
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.queries.ticket import FIRST_ENTRIES, ticket_page
from tests.pages import words
from tests.world import World, new_ticket, say

PAGES = [("dec", "/tickets/{}/"), ("agent", "/equipe/tickets/{}/")]


def long_talk(world: World, number: int) -> Ticket:
    """A ticket that was started and processed, then talked about."""
    ticket = say(world, "agent", new_ticket(world), "start", "Nous commençons par là.")
    ticket = say(world, "agent", ticket, "process", "Corrigé.")
    TicketEvent.objects.bulk_create(
        TicketEvent(
            key=f"parole{number:06}",
            ticket=ticket,
            actor=world.dec,
            kind="commented",
            state="processed",
            body=f"Parole {number}" + (" d'Élise" if number == 3 else ""),
            created_at=clock.now() + timedelta(seconds=number),
        )
        for number in range(number)
    )
    return ticket


def said(answer) -> list[str]:
    return re.findall(r'id="m-(\w+)"', answer.text.split('id="conversation"')[1])


@pytest.mark.parametrize("who, page", PAGES)
def test_the_newest_come_first_and_the_rest_on_demand(who: str, page: str, browser, world: World) -> None:
    ticket = long_talk(world, 120)
    opened, here = browser(who), page.format(ticket.reference)
    first = opened.get(here)
    assert len(said(first)) == FIRST_ENTRIES
    assert said(first)[0] == "parole000119"
    assert "Annulé" not in words(first), "only a step that was taken back is"
    assert "Voir les 73 précédentes" in words(first)
    link = re.search(r'href="([^"]*entrees=\d+)#conversation"', first.text)
    assert link is not None
    more = opened.get(link[1].replace("&amp;", "&"))
    assert len(said(more)) == 123
    assert "précédente" not in words(more)


@pytest.mark.parametrize("who, page", PAGES)
def test_words_are_found_inside_whatever_their_accents(who: str, page: str, browser, world: World) -> None:
    ticket = long_talk(world, 120)
    found = browser(who).get(page.format(ticket.reference), {"mot": "ELISE"})
    assert said(found) == ["parole000003"]
    assert "1 entrée" in words(found)
    nothing = browser(who).get(page.format(ticket.reference), {"mot": "introuvable"})
    assert "Rien ne correspond." in words(nothing)


@pytest.mark.parametrize("asked", ["entrees=0", "entrees=-1", "entrees=x", "entrees=99999999", "entrees=²"])
def test_r58_an_odd_number_of_entries_is_the_first_ones(asked: str, browser, world: World) -> None:
    ticket = long_talk(world, 60)
    assert len(said(browser("dec").get(f"/tickets/{ticket.reference}/?{asked}"))) == FIRST_ENTRIES


def test_r59_words_too_long_are_refused(browser, world: World) -> None:
    ticket = new_ticket(world)
    assert browser("dec").get(f"/tickets/{ticket.reference}/", {"mot": "x" * 300}).status_code == 422


def test_a_short_conversation_asks_nothing_more(browser, world: World) -> None:
    page = browser("dec").get(f"/tickets/{new_ticket(world).reference}/")
    assert "Chercher dans la conversation" not in words(page)


def test_the_stages_and_the_files_do_not_depend_on_what_is_shown(world: World) -> None:
    ticket = long_talk(world, 120)
    whole, newest = ticket_page(world.dec, ticket.reference), ticket_page(world.dec, ticket.reference, most=10)
    assert newest.progress == whole.progress
    assert [file.key for file in newest.files] == [file.key for file in whole.files]
    assert (newest.total, len(newest.entries)) == (whole.total, 10)


def test_r11_an_internal_note_is_neither_counted_nor_found_by_a_client(world: World) -> None:
    ticket = long_talk(world, 60)
    say(world, "agent", ticket, "note", "Secret de cuisine")
    assert ticket_page(world.dec, ticket.reference, words="cuisine").entries == []
    assert (
        ticket_page(world.agent, ticket.reference, most=5).total == ticket_page(world.dec, ticket.reference).total + 1
    )


def test_two_thousand_comments_cost_no_more_rows_than_sixty(world: World) -> None:
    def rows(ticket: Ticket) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            page = ticket_page(world.agent, ticket.reference, most=FIRST_ENTRIES)
        return len(captured.captured_queries), len(page.entries)

    few, many = long_talk(world, 60), new_ticket(world)
    TicketEvent.objects.bulk_create(
        TicketEvent(key=f"mot{n:09}", ticket=many, actor=world.dec, kind="commented", state="new", body=str(n),
                    created_at=clock.now() + timedelta(seconds=n))
        for n in range(2000)
    )  # fmt: skip
    assert rows(few) == rows(many)


def test_s99_the_recap_sheet_holds_everything(browser, world: World) -> None:
    ticket = long_talk(world, 70)
    say(world, "dec", ticket, "close", "Merci.")
    sheet = browser("dec").get(f"/tickets/{ticket.reference}/")
    assert "Parole 0" in words(sheet)
    assert "Parole 69" in words(sheet)
