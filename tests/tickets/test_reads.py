"""Reads that no page reaches: what they refuse, what they say of the system."""

import pytest

from calypso.base.errors import Forbidden, NotVisible
from calypso.teamwork.queries.queue import QueueFilters, queue_page, storage_of
from calypso.tickets.models import TicketEvent
from calypso.tickets.queries.ticket import part_of, ticket_emails, ticket_page
from tests.world import World, say


def test_the_queue_is_the_team_s(world: World) -> None:
    with pytest.raises(Forbidden):
        queue_page(world.dec, QueueFilters(), "", 1)
    with pytest.raises(Forbidden):
        storage_of(world.dec, world.organization("alpha"))
    with pytest.raises(NotVisible):
        ticket_emails(world.dec, world.ticket("A1"))


def test_the_system_plays_no_part(world: World) -> None:
    assert part_of(world.ticket("A1"), None) == ""


@pytest.mark.checklist("S79")
def test_who_speaks_on_a_ticket(world: World) -> None:
    ticket = world.ticket("A1")
    say(world, "support", ticket, "start")
    ticket = world.ticket("A1")
    said = {name: part_of(ticket, world.person(name)) for name in ("dec", "pm", "obs", "manager", "support", "agent")}
    assert said == {
        "dec": "Déclarant",
        "pm": "Chef de projet client",
        "obs": "Contact",
        "manager": "Chef de projet %(vendor)s",
        "support": "Intervenant",
        "agent": "Équipe %(vendor)s",
    }


def test_the_progress_line_shows_the_last_time_each_stage_was_reached(world: World) -> None:
    ticket = world.ticket("A1")
    say(world, "agent", ticket, "start")
    say(world, "agent", ticket, "process", "Fait")
    say(world, "dec", ticket, "return", "Non")
    page = ticket_page(world.dec, ticket.reference)
    stages = [(stage.state.value, stage.passed, stage.current, stage.reached_at is not None) for stage in page.progress]
    assert stages == [
        ("new", True, False, True),
        ("assigned", True, False, False),
        ("returned", True, True, True),
        ("processed", False, False, False),
        ("closed", False, False, False),
    ]
    assert page.step("process") is None
    back = TicketEvent.objects.get(ticket=ticket, step="return")
    assert page.progress[2].reached_at == back.created_at
