"""The service clock: business time spent on each side of a ticket.

A ticket carries, for each side, the business seconds of its past turns, and when the present turn began, as an instant
and as a reading of the calendar: the time of a side until now is a sum that the database can do. The team's time ends
at « Traité » and « Attente complément », goes on when the ticket comes back, and is measured against the level of the
project's phase and of the retained priority (decision 13). The first answer is the team's first public comment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.business import calendar
from calypso.projects.models import Project
from calypso.sla.due import due_changes, set_due
from calypso.sla.levels import Levels, levels
from calypso.tickets.access import tickets_for
from calypso.tickets.events import Published
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.queries.sections import SIDE_SUMS
from calypso.tickets.workflow import STATES, State, Turn

COUNTERS = {Turn.VENDOR: "vendor_seconds", Turn.CLIENT: "client_seconds"}  # the column that counts each side's time


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
        changes |= due_changes(ticket, changes, levels())
        Ticket.objects.filter(pk=ticket.pk).update(**changes)
        for name, value in changes.items():
            setattr(ticket, name, value)


def _turned(ticket: Ticket, before: State, now: datetime) -> dict[str, Any]:
    """What the end of a side's turn writes."""
    reading = calendar().reading(now)
    side = COUNTERS[STATES[before].turn]  # closed is final: nothing comes from nobody's turn
    spent = max(0, reading - ticket.turn_reading)
    return {side: getattr(ticket, side) + spent, "turn_since": now, "turn_reading": reading, "reminded": 0}


REMINDERS = 2  # to a client; then the team is asked to close


def unanswered() -> Q:
    """The tickets that a client left on their side through every reminder."""
    return Q(reminded__gt=REMINDERS)


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


@dataclass(frozen=True, slots=True)
class Sides:
    """Business seconds on each side until now; whose turn it is, and since when (None for many tickets)."""

    vendor_seconds: int
    client_seconds: int
    turn: Turn = Turn.NOBODY
    since: datetime | None = None


def sides_of(ticket: Ticket) -> Sides:
    """The time of each side of a ticket, the present turn included."""
    running = max(0, calendar().reading(clock.now()) - ticket.turn_reading)
    spent = {"vendor_seconds": ticket.vendor_seconds, "client_seconds": ticket.client_seconds}
    turn = STATES[ticket.state_now].turn
    if turn in COUNTERS:
        spent[COUNTERS[turn]] += running
    return Sides(**spent, turn=turn, since=ticket.turn_since)


def sides_of_states(rows: Iterable[Mapping[str, Any]]) -> Sides:
    """The time of each side over many tickets, from the sums of each `state`: past turns, and the present ones."""
    reading, spent = calendar().reading(clock.now()), {Turn.VENDOR: 0, Turn.CLIENT: 0}
    for row in rows:
        turn = STATES[State(row["state"])].turn
        spent[Turn.VENDOR] += row["vendor"]
        spent[Turn.CLIENT] += row["client"]
        if turn in spent:
            spent[turn] += max(0, reading * row["number"] - row["turns"])
    return Sides(spent[Turn.VENDOR], spent[Turn.CLIENT])


def sides_of_project(viewer: User, project: Project) -> Sides:
    """The time of each side over all the tickets of a project that the person sees. One query."""
    return sides_of_states(tickets_for(viewer).filter(project=project).order_by().values("state").annotate(**SIDE_SUMS))
