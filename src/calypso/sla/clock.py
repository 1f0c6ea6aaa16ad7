"""The service clock: business time spent on each side of a ticket.

A ticket stores, for each side, the business seconds of its past turns, and the start of the current turn, as an instant
and as a reading of the calendar, so that the database can sum the time of a side until now. The team's time stops at
« Traité » and « Attente complément », continues when the ticket comes back, and is measured against the level of the
project's phase and of the retained priority (decision 13). The first answer is the team's first public comment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from calypso.base import clock
from calypso.base.business import calendar
from calypso.sla.due import DUE_FIELDS, due_changes, set_due
from calypso.sla.levels import Levels, levels_of
from calypso.tickets.events import Published
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.queries.revocable import standing
from calypso.tickets.workflow import STATES, State, Turn

COUNTERS = {Turn.VENDOR: "vendor_seconds", Turn.CLIENT: "client_seconds"}  # the column that counts each side's time


def follow(published: Published) -> None:
    """Updates the clock of a ticket after a new timeline entry: the turn, the first answer, the deadlines.

    A step that is taken back leaves no trace in it (decision 33).
    """
    ticket, entry, by = published.ticket, published.entry, published.by
    if published.revoked:
        entries = TicketEvent.objects.filter(ticket=ticket).select_related("actor").order_by("id")
        replay(ticket, entries, levels_of(ticket.project))
        Ticket.objects.filter(pk=ticket.pk).update(**{name: getattr(ticket, name) for name in CLOCK_FIELDS})
        return
    changes: dict[str, Any] = {}
    opens, steps = entry.kind == TicketEvent.Kind.OPENED, published.has_stepped
    if opens:
        changes = {"turn_since": ticket.created_at, "turn_reading": calendar().reading(ticket.created_at)}
    elif steps and STATES[published.before].turn is not ticket.state_now.facts.turn:
        changes = _turn_changes(ticket, published.before, entry.created_at)
    if entry.is_public_comment and by is not None and not by.is_client and ticket.answered_at is None:
        seconds = _spent(ticket.created_at, entry.created_at)
        changes |= {"answered_at": entry.created_at, "answer_seconds": seconds}
    if changes or steps or entry.kind == TicketEvent.Kind.PRIORITIZED:
        changes |= due_changes(ticket, changes, levels_of(ticket.project))
        Ticket.objects.filter(pk=ticket.pk).update(**changes)
        for name, value in changes.items():
            setattr(ticket, name, value)


def _turn_changes(ticket: Ticket, before: State, now: datetime) -> dict[str, Any]:
    """Returns the column values to write when the turn of a side ends."""
    reading = calendar().reading(now)
    turn: dict[str, Any] = {"turn_since": now, "turn_reading": reading, "reminded": 0}
    side = COUNTERS[STATES[before].turn]
    return turn | {side: getattr(ticket, side) + max(0, reading - ticket.turn_reading)}


REMINDERS = 2  # sent to a client before the team is asked to close the ticket


def unanswered() -> Q:
    """Returns the condition of tickets that a client left unanswered after every reminder."""
    return Q(reminded__gt=REMINDERS)


CLOCK_FIELDS = (  # the columns that `replay` writes
    *("vendor_seconds", "client_seconds", "turn_since", "turn_reading", "reminded", "answered_at", "answer_seconds"),
    *DUE_FIELDS,
)


def replay(ticket: Ticket, oldest_first: Iterable[TicketEvent], current_levels: Levels) -> None:
    """Recomputes in memory the whole clock of a ticket from its timeline, whose entries come with their actors.

    Used after the calendar changed, and when a step is taken back.
    """
    ticket.vendor_seconds = ticket.client_seconds = ticket.reminded = 0
    ticket.answered_at = ticket.answer_seconds = None
    state, ticket.turn_since = State.NEW, ticket.created_at
    for entry in standing(oldest_first):
        entry_state = State(entry.state)
        if STATES[entry_state].turn is not STATES[state].turn:
            side = COUNTERS[STATES[state].turn]
            setattr(ticket, side, getattr(ticket, side) + _spent(ticket.turn_since, entry.created_at))
            ticket.turn_since, ticket.reminded = entry.created_at, 0
        if entry.kind == TicketEvent.Kind.REMINDED:
            ticket.reminded += 1
        is_answer = entry.is_public_comment and entry.actor is not None and not entry.actor.is_client
        if is_answer and ticket.answered_at is None:
            ticket.answered_at = entry.created_at
            ticket.answer_seconds = _spent(ticket.created_at, entry.created_at)
        state = entry_state
    ticket.turn_reading = calendar().reading(ticket.turn_since)
    set_due(ticket, current_levels)


def _spent(start: datetime, end: datetime) -> int:
    """Returns the business seconds between two instants; 0 if the machine's clock was set back in between."""
    return max(0, calendar().between(start, end))


@dataclass(frozen=True, slots=True)
class Sides:
    """Business seconds of a ticket on each side until now, the current turn, and its start."""

    vendor_seconds: int
    client_seconds: int
    turn: Turn
    since: datetime


def sides_of(ticket: Ticket) -> Sides:
    """Returns the time of each side of a ticket, the current turn included."""
    running = max(0, calendar().reading(clock.now()) - ticket.turn_reading)
    spent = {"vendor_seconds": ticket.vendor_seconds, "client_seconds": ticket.client_seconds}
    turn = STATES[ticket.state_now].turn
    if turn in COUNTERS:
        spent[COUNTERS[turn]] += running
    return Sides(**spent, turn=turn, since=ticket.turn_since)
