"""How long a ticket takes on each side: working days, medians of what is closed, for clients only where it is wanted."""

from datetime import timedelta

import pytest

from calypso.base import clock
from calypso.sla.figures import side_days
from calypso.tickets.models import Ticket
from tests.pages import words
from tests.world import World, new_ticket, say

DAY = 9 * 3600  # business seconds of a working day of the tests


@pytest.fixture
def closed(world: World) -> None:
    """Three closed tickets: 1, 2 and 9 days at the vendor's, half a day at the client's."""
    for days in (1, 2, 9):
        ticket = say(world, "dec", new_ticket(world), "close")
        Ticket.objects.filter(pk=ticket.pk).update(vendor_seconds=days * DAY, client_seconds=DAY // 2)


def test_it_is_the_median_in_working_days(closed: None, world: World) -> None:
    project = world.project("A1")
    new_ticket(world)  # open: it counts for nothing
    for who in (world.pm, world.manager):
        days = side_days(who, project)
        assert days is not None
        assert (days.vendor, days.client, days.tickets) == (2, 0.5, 3)


def test_without_a_closed_ticket_there_is_no_figure(world: World) -> None:
    assert side_days(world.manager, world.project("A2")) is None
    assert side_days(world.buser, world.project("A1")) is None


def test_only_the_latest_closed_tickets_count(closed: None, world: World, monkeypatch) -> None:
    monkeypatch.setattr("calypso.sla.figures.LATEST", 1)
    oldest = Ticket.objects.filter(state="closed").order_by("id").first()
    assert oldest is not None
    Ticket.objects.filter(pk=oldest.pk).update(closed_at=clock.now() + timedelta(days=1))
    days = side_days(world.manager, world.project("A1"))
    assert days is not None
    assert days.vendor == 1


@pytest.mark.parametrize("wanted", [False, True])
def test_clients_read_it_where_the_vendor_wants_it(wanted: bool, closed: None, browser, world: World, settings) -> None:
    settings.CLIENT_TIMES = wanted
    key = world.project("A1").key
    sentence = "Un ticket passe 2 j chez Léni, 0,5 j chez le client"
    assert (sentence in words(browser("pm").get(f"/projets/{key}/"))) is wanted
    assert sentence in words(browser("manager").get(f"/equipe/projets/{key}/"))
