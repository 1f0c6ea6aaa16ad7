"""What happens to tickets is published once an entry, in the transaction of its act."""

import pytest

from calypso.search.models import SearchDocument
from calypso.tickets import events
from calypso.tickets.events import Published
from calypso.tickets.models import Draft, Ticket, TicketEvent
from tests.world import World, new_ticket, say, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch) -> list[Published]:
    """What a subscriber is told, after those that the product has."""
    told: list[Published] = []
    monkeypatch.setattr(events, "_subscribers", [*events._subscribers, told.append])
    return told


def said(told: list[Published]) -> list[tuple[str, str, str, str]]:
    return [(one.entry.kind, str(one.before), one.entry.state, one.by.first_name if one.by else "") for one in told]


def test_each_act_is_published_once_with_the_state_before_it(heard: list[Published], world: World) -> None:
    ticket = new_ticket(world)
    for step, who in (
        ("start", "agent"),
        ("comment", "dec"),
        ("ask_client", "agent"),
        ("return", "dec"),
        ("close", "dec"),
    ):
        say(world, who, ticket, step, "Des mots")
    assert said(heard) == [
        ("opened", "new", "new", "Denis"),
        ("stepped", "new", "in_progress", "Agent"),
        ("commented", "in_progress", "in_progress", "Denis"),
        ("stepped", "in_progress", "waiting", "Agent"),
        ("stepped", "waiting", "returned", "Denis"),
        ("stepped", "returned", "closed", "Denis"),
    ]
    assert [one.has_stepped for one in heard] == [False, True, False, True, True, True]


def test_the_files_of_an_entry_come_with_it(heard: list[Published], world: World) -> None:
    ticket = new_ticket(world)
    key = upload(world.dec, "fichier", Draft.Purpose.COMMENT, "plan.png")
    say(world, "dec", ticket, "comment", "Voici", form_key=key)
    assert [one.files for one in heard] == [[], ["plan.png"]]


def test_a_subscriber_that_raises_takes_the_act_back(monkeypatch, world: World) -> None:
    ticket = new_ticket(world)
    before = (TicketEvent.objects.count(), SearchDocument.objects.get(pk=ticket.pk).terms)

    def refuse(_published: Published) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(events, "_subscribers", [*events._subscribers, refuse])
    with pytest.raises(RuntimeError):
        say(world, "agent", ticket, "start", "Impossible")
    assert (TicketEvent.objects.count(), SearchDocument.objects.get(pk=ticket.pk).terms) == before
    assert Ticket.objects.get(pk=ticket.pk).state == "new"


def test_who_subscribes_twice_is_called_once(monkeypatch) -> None:
    monkeypatch.setattr(events, "_subscribers", [])
    told: list[Published] = []
    for _time in range(2):
        events.subscribe(told.append)
    assert len(events._subscribers) == 1
