"""What others do shows on the open page of a ticket: all that changed stands in a part that follows."""

import pytest

from calypso.tickets.actions.steps import assign, retain_priority
from calypso.tickets.models import Draft, Ticket
from calypso.tickets.priorities import Priority
from tests.pages import still_texts, words
from tests.world import World, new_ticket, say, upload


@pytest.mark.parametrize("who, at", [("dec", "/tickets/"), ("support", "/equipe/tickets/")])
def test_nothing_that_changed_stands_still(who: str, at: str, browser, world: World) -> None:
    """Found in a second window: the ticket was back with the vendor, and a card still said that the client had it."""
    ticket = new_ticket(world)
    opened, path = browser(who), f"{at}{ticket.reference}/"
    before = opened.get(path)
    assign(world.manager, ticket=ticket, assignee=world.agent, seen_version=ticket.version)
    say(world, "manager", Ticket.objects.get(pk=ticket.pk), "follow_up", "Je suis")
    key = upload(world.agent, "k1", Draft.Purpose.COMMENT, "preuve.png")
    say(world, "agent", Ticket.objects.get(pk=ticket.pk), "ask_client", "Lequel ?", form_key=key)
    now = Ticket.objects.get(pk=ticket.pk)
    retain_priority(world.manager, ticket=now, priority=Priority.BLOCKING, reason="Ouverture", seen_version=now.version)
    after = opened.get(path)
    assert "preuve.png" in words(after)
    assert "preuve.png" not in words(before)
    assert still_texts(after) == still_texts(before)


@pytest.mark.parametrize(
    "who, at", [("agent", "/equipe/"), ("agent", "/equipe/tableau/"), ("dec", "/projets/{}/sections/new_today/")]
)
def test_the_count_of_a_list_follows_with_its_rows(who: str, at: str, browser, world: World) -> None:
    opened, path = browser(who), at.format(world.project("A1").key)
    before = opened.get(path)
    new_ticket(world, title="Venu d'ailleurs")
    after = opened.get(path)
    assert "Venu d'ailleurs" in words(after)
    assert still_texts(after) == still_texts(before)
