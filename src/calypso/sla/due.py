"""The deadlines of the team on a ticket: stored by each action, read by pages and queues."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import Q

from calypso.base import clock
from calypso.base.business import calendar
from calypso.base.chosen import chosen
from calypso.sla.levels import HOUR, Levels
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import STATES, VENDOR_STATES, State, Turn


def set_due(ticket: Ticket, current_levels: Levels) -> None:
    """Sets in memory the deadlines of a ticket, whose project must be loaded."""
    for name, value in due_changes(ticket, {}, current_levels).items():
        setattr(ticket, name, value)


DUE_FIELDS = ["answer_due_at", "process_due_at", "due_at"]


def due_changes(ticket: Ticket, changes: dict[str, Any], current_levels: Levels) -> dict[str, Any]:
    """Returns the values of `DUE_FIELDS` once `changes` are made to a ticket, whose project must be loaded."""

    def at(name: str) -> Any:
        return changes.get(name, getattr(ticket, name))

    level, state = current_levels[ticket.project.phase, at("priority")], State(at("state"))
    business_calendar = calendar()
    answer_due = business_calendar.after(ticket.created_at, level.answer_hours * HOUR) if level.answer_hours else None
    process_due = None
    if level.process_hours and STATES[state].turn is Turn.VENDOR:
        process_due = business_calendar.after(at("turn_since"), level.process_hours * HOUR - at("vendor_seconds"))
    deadlines = [process_due, answer_due if state.is_open and at("answered_at") is None else None]
    due = min((instant for instant in deadlines if instant is not None), default=None)
    return dict(zip(DUE_FIELDS, (answer_due, process_due, due), strict=True))


class DueKind(StrEnum):
    """The status of the nearest deadline of a ticket."""

    LATE = "late"
    SOON = "soon"
    LATER = "later"
    PAUSED = "paused"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Due:
    """The nearest deadline: its status, its instant, and the business seconds until it, or since it when late.

    `is_continuous`: no closing hour stands between now and the instant, so that the seconds are those of a clock.
    """

    kind: DueKind
    at: datetime | None = None
    seconds: int = 0
    is_continuous: bool = True


class Owed(Protocol):
    """A ticket, or a row that shows one."""

    @property
    def due_at(self) -> datetime | None: ...
    @property
    def state_now(self) -> State: ...


def due_of(ticket: Owed) -> Due:
    """Returns the nearest deadline of a ticket, to be shown to the team only."""
    if ticket.due_at is None:
        return Due(DueKind.PAUSED if STATES[ticket.state_now].turn is Turn.CLIENT else DueKind.NONE)
    now = clock.now()
    seconds_left = calendar().between(now, ticket.due_at)
    if ticket.due_at <= now:
        return Due(DueKind.LATE, ticket.due_at, -seconds_left)
    soon = ticket.due_at <= soon_before()
    is_continuous = (ticket.due_at - now).total_seconds() - seconds_left < 1
    return Due(DueKind.SOON if soon else DueKind.LATER, ticket.due_at, seconds_left, is_continuous)


def soon_before() -> datetime:
    """Returns the instant before which a deadline counts as due soon."""
    return calendar().after(clock.now(), chosen("DUE_SOON_HOURS") * HOUR)


def is_late() -> Q:
    """Returns the condition of tickets with an overdue deadline."""
    return Q(due_at__lte=clock.now())


def is_pressing() -> Q:
    """Returns the condition of tickets that are due soon or overdue, or wait for the team while the event is near.

    The event is that of the project; see EVENT_NEAR_DAYS.
    """
    condition = Q(due_at__lte=soon_before())
    if chosen("EVENT_NEAR_DAYS"):
        last_day = clock.today() + timedelta(days=chosen("EVENT_NEAR_DAYS"))
        condition |= Q(project__event_date__range=(clock.today(), last_day), state__in=sorted(VENDOR_STATES))
    return condition
