"""The service clock of a ticket, against a count of every minute of its story."""

from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from calypso.base import clock
from calypso.base.business import calendar
from calypso.base.errors import Forbidden, Invalid, NotVisible
from calypso.phases.actions import switch_phase
from calypso.projects.models import Project
from calypso.sla.actions.levels import save_levels
from calypso.sla.actions.recount import CLOCK_FIELDS, recount_clock, recount_later
from calypso.sla.clock import sides_of
from calypso.sla.due import DueKind, due_of
from calypso.sla.levels import Level, general_levels, levels_page
from calypso.sla.models import ServiceLevel
from calypso.tickets.actions.steps import retain_priority
from calypso.tickets.models import Ticket
from calypso.tickets.priorities import Priority
from calypso.tickets.workflow import STATES, State, Turn
from tests.base.test_business import at, worked
from tests.world import World, build, new_ticket, say

HOURS = [(time(9), time(18))]


@contextmanager
def on(text: str):
    with clock.set_to(at(text)):
        yield


def minutes_of(story: list[tuple[datetime, State]], until: datetime, turn: Turn) -> int:
    """Business seconds of a side, one minute after the other, from (instant, state from then on)."""
    total = 0
    for (start, state), (end, _state) in zip(story, [*story[1:], (until, None)], strict=True):
        instant = start
        while STATES[state].turn is turn and instant < end:
            total += worked(instant, HOURS, 5)
            instant += timedelta(minutes=1)
    return total * 60


def test_night_weekend_holiday_pause_and_return(world: World) -> None:
    """Opened before the weekend of 1 May; asked, answered, processed, refused, processed, closed."""
    story = [
        ("2026-04-30 16:00", "", State.NEW),
        ("2026-04-30 17:30", "start", State.IN_PROGRESS),
        ("2026-05-04 10:00", "ask_client", State.WAITING),
        ("2026-05-05 08:00", "return", State.RETURNED),
        ("2026-05-05 11:00", "process", State.PROCESSED),
        ("2026-05-07 17:00", "return", State.RETURNED),
        ("2026-05-11 09:30", "process", State.PROCESSED),
    ]
    with on(story[0][0]):
        ticket = new_ticket(world)
    told = [(at(when), state) for when, _step, state in story]
    for number, (when, step, state) in enumerate(story[1:], 2):
        with on(when):
            ticket = say(world, "dec" if step == "return" else "agent", ticket, step, "Voici.")
            assert ticket.state == state
            spent = sides_of(ticket)
            for turn, seconds in ((Turn.VENDOR, spent.vendor_seconds), (Turn.CLIENT, spent.client_seconds)):
                assert seconds == minutes_of(told[:number], at(when), turn), (when, turn)
    with on("2026-05-11 15:00"):
        assert sides_of(ticket).turn is Turn.CLIENT
        ticket = say(world, "dec", ticket, "close")
        assert sides_of(ticket).client_seconds == minutes_of(told, at("2026-05-11 15:00"), Turn.CLIENT)
    with on("2026-06-11 15:00"):
        assert sides_of(ticket).client_seconds == ticket.client_seconds, "nobody's time after the closing"
        assert due_of(ticket).kind is DueKind.NONE


class TestDue:
    """A blocking ticket in live: an answer within one business hour, processed within four."""

    @pytest.fixture
    def ticket(self, world: World) -> Ticket:
        Project.objects.filter(pk=world.project("A1").pk).update(phase="live")
        with on("2026-05-07 16:30"):  # the eve of a holiday, itself before a weekend
            return new_ticket(world, priority="4", context="Salon demain")

    def test_the_answer_then_the_processing(self, world: World, ticket: Ticket) -> None:
        assert (ticket.due_at, ticket.process_due_at) == (at("2026-05-07 17:30"), at("2026-05-11 11:30"))
        with on("2026-05-07 17:00"):
            assert due_of(ticket).kind is DueKind.SOON
            ticket = say(world, "agent", ticket, "comment", "Nous regardons.")
        assert (ticket.answered_at, ticket.answer_seconds) == (at("2026-05-07 17:00"), 1800)
        assert ticket.due_at == at("2026-05-11 11:30")
        with on("2026-05-11 13:00"):
            late = due_of(ticket)
        assert (late.kind, late.seconds) == (DueKind.LATE, 5400)

    def test_only_public_words_of_the_team_answer(self, world: World, ticket: Ticket) -> None:
        with on("2026-05-07 16:40"):
            ticket = say(world, "agent", ticket, "note", "À voir.")
            ticket = say(world, "dec", ticket, "comment", "C'est urgent.")
            ticket = say(world, "agent", ticket, "start")
        assert ticket.answered_at is None
        assert ticket.due_at == at("2026-05-07 17:30")

    def test_it_pauses_on_the_client_and_goes_on_from_there(self, world: World, ticket: Ticket) -> None:
        with on("2026-05-07 17:30"):
            ticket = say(world, "agent", ticket, "ask_client", "Quel navigateur ?")
        assert (ticket.due_at, due_of(ticket).kind) == (None, DueKind.PAUSED)
        with on("2026-05-12 10:00"):
            ticket = say(world, "dec", ticket, "return", "Firefox.")
        assert ticket.due_at == at("2026-05-12 13:00"), "three of the four hours are left"

    def test_a_priority_retained_later_moves_what_is_due(self, world: World, ticket: Ticket) -> None:
        with on("2026-05-07 17:00"):
            retain_priority(
                world.manager, ticket=ticket, priority=Priority.LOW, reason="Pas de salon", seen_version=ticket.version
            )
        ticket.refresh_from_db()
        assert ticket.answer_due_at == at("2026-05-11 16:30")  # nine hours
        assert ticket.process_due_at == at("2026-05-18 16:30")  # forty-five, over Ascension Day

    def test_a_change_of_phase_moves_what_is_due(self, world: World, ticket: Ticket) -> None:
        with on("2026-05-07 17:00"):
            switch_phase(world.manager, project=ticket.project, phase=Project.Phase.SETUP)
        ticket.refresh_from_db()
        assert ticket.answer_due_at == at("2026-05-11 11:30")  # four hours
        assert ticket.process_due_at == at("2026-05-11 16:30")  # nine

    def test_levels_written_by_an_administrator_hold_for_open_tickets(self, world: World, ticket: Ticket) -> None:
        save_levels(world.admin, new_levels={("live", "4"): Level(None, 1)})
        ticket.refresh_from_db()
        assert (ticket.answer_due_at, ticket.due_at) == (None, at("2026-05-07 17:30"))
        save_levels(world.admin, new_levels={("live", "4"): Level(None, None)})
        ticket.refresh_from_db()
        assert (ticket.due_at, due_of(ticket).kind) == (None, DueKind.NONE)

    def test_bad_levels_and_other_roles_are_refused(self, world: World) -> None:
        for level in (Level(0, 4), Level(1, 2001), Level(5, 4)):
            with pytest.raises(Invalid):
                save_levels(world.admin, new_levels={("live", "4"): level})
        save_levels(world.admin, new_levels={("moon", "4"): Level(1, 4)})
        for other in (world.manager, world.support, world.agent, world.rd, world.pm):
            with pytest.raises(NotVisible if other.is_client else Forbidden):
                save_levels(other, new_levels={("live", "4"): Level(1, 4)})
        assert general_levels()["live", "4"] == Level(1, 4)
        with pytest.raises(Forbidden):
            levels_page(world.pm)
        assert str(ServiceLevel(phase="live", priority="4")) == "live 4"


ACTS = {
    State.NEW: ["start", "note", "comment"],
    State.IN_PROGRESS: ["ask_client", "process", "hand_to_rd", "comment"],
    State.RD: ["process", "start", "note"],
    State.WAITING: ["return", "comment", "start"],
    State.RETURNED: ["process", "start"],
    State.PROCESSED: ["return", "close", "internal_return"],
    State.CLOSED: [],
}


class TestRecount(TestCase):
    """Whatever happens and when, a replay of the timeline finds what the acts counted."""

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4000)), max_size=8))
    def test_a_replay_equals_the_running_clock(self, choices: list[tuple[int, int]]) -> None:
        world, instant = build(), datetime(2026, 4, 28, 7, 13, tzinfo=UTC)
        with clock.set_to(instant):
            ticket = new_ticket(world)
        for choice, minutes in choices:
            acts = ACTS[ticket.state_now]
            if not acts:
                break
            instant += timedelta(minutes=minutes)
            name = acts[choice % len(acts)]
            with clock.set_to(instant):
                ticket = say(world, "dec" if name in ("return", "close") else "agent", ticket, name, "Voici.")
        counted = {name: getattr(ticket, name) for name in CLOCK_FIELDS}
        Ticket.objects.filter(pk=ticket.pk).update(
            vendor_seconds=7, client_seconds=7, turn_reading=7, answered_at=None, due_at=None
        )
        assert recount_clock() == Ticket.objects.count()
        ticket.refresh_from_db()
        assert {name: getattr(ticket, name) for name in CLOCK_FIELDS} == counted


def test_the_command_counts_again_and_a_clock_set_back_counts_nothing(world: World, capsys) -> None:
    with on("2026-05-05 10:00"):
        ticket = new_ticket(world)
    with on("2026-05-05 09:00"):
        ticket = say(world, "agent", ticket, "ask_client", "Lequel ?")
    assert ticket.vendor_seconds == 0
    call_command("recount")
    assert f"{Ticket.objects.count()} tickets" in capsys.readouterr().out


def test_a_clock_that_was_lost_is_counted_again_from_the_timeline(world: World) -> None:
    for when, who, act in (("10:00", "agent", "start"), ("11:30", "agent", "ask_client"), ("15:00", "dec", "close")):
        with on(f"2026-05-05 {when}"):
            if act == "start":
                ticket = new_ticket(world)
            ticket = say(world, who, ticket, act, "Voici.")
    counted = {
        name: getattr(ticket, name) for name in ("vendor_seconds", "client_seconds", "turn_since", "answered_at")
    }
    Ticket.objects.filter(pk=ticket.pk).update(vendor_seconds=0, client_seconds=0, turn_reading=0, answered_at=None)
    recount_clock()
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert {name: getattr(ticket, name) for name in counted} == counted
    assert (counted["vendor_seconds"], counted["client_seconds"]) == (5400, 12600)
    assert ticket.turn_reading == calendar().reading(at("2026-05-05 15:00"))


def test_hours_changed_at_the_desk_are_counted_again_by_the_worker(world: World) -> None:
    Ticket.objects.update(turn_reading=0)
    assert recount_later.func() == Ticket.objects.count()
    assert not Ticket.objects.filter(turn_reading=0).exists()
