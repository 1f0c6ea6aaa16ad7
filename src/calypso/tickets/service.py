"""The service clock: business time spent on each side of a ticket, and when the team owes something.

A ticket carries, for each side, the business seconds of its past turns, and when the present turn began, as an instant
and as a reading of the calendar: the time of a side until now is a sum that the database can do. The team's time ends
at « Traité » and « Attente complément », goes on when the ticket comes back, and is measured against the level of the
project's phase and of the retained priority (decision 13). The first answer is the team's first public comment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from calypso.base.business import calendar
from calypso.base.prepared import Prepared
from calypso.projects.models import Project
from calypso.tickets.events import Published
from calypso.tickets.models import ServiceLevel, Ticket, TicketEvent
from calypso.tickets.priorities import Priority
from calypso.tickets.workflow import STATES, State, Turn

HOUR = 3600
COUNTERS = {Turn.VENDOR: "vendor_seconds", Turn.CLIENT: "client_seconds"}  # the column that counts each side's time
# Business hours until the first answer and until the ticket is processed, where a vendor wrote nothing else.
DEFAULT_HOURS: dict[tuple[str, Priority], tuple[int, int]] = {
    (Project.Phase.SETUP, Priority.LOW): (16, 90),
    (Project.Phase.SETUP, Priority.MEDIUM): (16, 45),
    (Project.Phase.SETUP, Priority.HIGH): (9, 27),
    (Project.Phase.SETUP, Priority.BLOCKING): (4, 9),
    (Project.Phase.LIVE, Priority.LOW): (9, 45),
    (Project.Phase.LIVE, Priority.MEDIUM): (9, 27),
    (Project.Phase.LIVE, Priority.HIGH): (4, 9),
    (Project.Phase.LIVE, Priority.BLOCKING): (1, 4),
}


@dataclass(frozen=True, slots=True)
class Level:
    """What the team aims at, in business hours; None where it aims at nothing."""

    answer_hours: int | None
    process_hours: int | None


def hours_name(phase: str, priority: str, which: str) -> str:
    """How a form, and the refusal of an action, call one of the two numbers (`Level`'s fields) of a level."""
    return f"{phase}-{priority}-{which}"


type Levels = dict[tuple[str, str], Level]


def levels() -> Levels:
    """The level of each phase and retained priority: what was written, else the defaults. One query."""
    known: Levels = {(phase, priority.value): Level(*hours) for (phase, priority), hours in DEFAULT_HOURS.items()}
    for row in _WRITTEN():
        known[row.phase, row.priority] = Level(row.answer_hours, row.process_hours)
    return known


_WRITTEN = Prepared(ServiceLevel.objects.all)


def follow(published: Published) -> None:
    """Moves the clock of a ticket as an entry of its timeline says: the turn, the first answer, what is owed."""
    ticket, entry, by = published.ticket, published.entry, published.by
    changes: dict[str, Any] = {}
    opens, steps = entry.kind == TicketEvent.Kind.OPENED, published.has_stepped
    if opens:
        changes = {"turn_since": ticket.created_at, "turn_reading": calendar().reading(ticket.created_at)}
    elif steps and STATES[published.before].turn is not ticket.state_now.facts.turn:
        changes = _turned(ticket, published.before, entry.created_at)
    if entry.is_public_comment and by is not None and not by.is_client and ticket.answered_at is None:
        seconds = _spent(ticket.created_at, entry.created_at)
        changes |= {"answered_at": entry.created_at, "answer_seconds": seconds}
    if changes or steps or entry.kind == TicketEvent.Kind.PRIORITIZED:
        changes |= _due(ticket, changes, levels())
        Ticket.objects.filter(pk=ticket.pk).update(**changes)
        for name, value in changes.items():
            setattr(ticket, name, value)


def _turned(ticket: Ticket, before: State, now: datetime) -> dict[str, Any]:
    """What the end of a side's turn writes."""
    reading = calendar().reading(now)
    side = COUNTERS[STATES[before].turn]  # closed is final: nothing comes from nobody's turn
    spent = max(0, reading - ticket.turn_reading)
    return {side: getattr(ticket, side) + spent, "turn_since": now, "turn_reading": reading, "reminded": 0}


def set_due(ticket: Ticket, known: Levels) -> None:
    """Sets in memory what the team owes on a ticket with its project."""
    for name, value in _due(ticket, {}, known).items():
        setattr(ticket, name, value)


REMINDERS = 2  # to a client; then the team is asked to close


def unanswered() -> Q:
    """The tickets that a client left on their side through every reminder."""
    return Q(reminded__gt=REMINDERS)


DUE_FIELDS = ["answer_due_at", "process_due_at", "due_at"]


def _due(ticket: Ticket, changes: dict[str, Any], known: Levels) -> dict[str, Any]:
    def at(name: str) -> Any:
        return changes.get(name, getattr(ticket, name))

    level, state = known[ticket.project.phase, at("priority")], State(at("state"))
    working = calendar()
    answer_due = working.after(ticket.created_at, level.answer_hours * HOUR) if level.answer_hours else None
    process_due = None
    if level.process_hours and STATES[state].turn is Turn.VENDOR:
        process_due = working.after(at("turn_since"), level.process_hours * HOUR - at("vendor_seconds"))
    owed = [process_due, answer_due if state.is_open and at("answered_at") is None else None]
    due = min((instant for instant in owed if instant is not None), default=None)
    return dict(zip(DUE_FIELDS, (answer_due, process_due, due), strict=True))


@dataclass(frozen=True, slots=True)
class Entry:
    """What the clock reads of a timeline: the state after an act, and whether it was a public comment of the team."""

    instant: datetime
    state: State
    answers: bool


def replay(ticket: Ticket, entries: Iterable[Entry], known: Levels) -> None:
    """Sets in memory the whole clock of a ticket from its timeline, oldest first.

    It serves after the calendar changed.
    """
    ticket.vendor_seconds = ticket.client_seconds = 0
    ticket.answered_at = ticket.answer_seconds = None
    state, ticket.turn_since = State.NEW, ticket.created_at
    for entry in entries:
        if STATES[entry.state].turn is not STATES[state].turn:
            side = COUNTERS[STATES[state].turn]
            setattr(ticket, side, getattr(ticket, side) + _spent(ticket.turn_since, entry.instant))
            ticket.turn_since = entry.instant
        if entry.answers and ticket.answered_at is None:
            ticket.answered_at = entry.instant
            ticket.answer_seconds = _spent(ticket.created_at, entry.instant)
        state = entry.state
    ticket.turn_reading = calendar().reading(ticket.turn_since)
    set_due(ticket, known)


def _spent(start: datetime, end: datetime) -> int:
    """Business seconds; none on a machine whose clock was set back meanwhile."""
    return max(0, calendar().between(start, end))
