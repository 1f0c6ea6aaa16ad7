"""What the service clock says now: whose turn, the time of each side, what is due."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Count, Q, Sum

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.business import calendar
from calypso.base.errors import Forbidden
from calypso.projects.models import Project
from calypso.tickets import service
from calypso.tickets.access import tickets_of
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import STATES, VENDOR_STATES, State, Turn


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
    if turn in service.COUNTERS:
        spent[service.COUNTERS[turn]] += running
    return Sides(**spent, turn=turn, since=ticket.turn_since)


# What is summed over the tickets of each state, for `sides_of_states`.
SIDE_SUMS = {
    "number": Count("id"),
    "vendor": Sum("vendor_seconds"),
    "client": Sum("client_seconds"),
    "turns": Sum("turn_reading"),
}


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
    return sides_of_states(tickets_of(viewer, project).order_by().values("state").annotate(**SIDE_SUMS))


class DueKind(StrEnum):
    """How what the team owes on a ticket stands."""

    LATE = "late"
    SOON = "soon"
    LATER = "later"
    PAUSED = "paused"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Due:
    """The nearest thing owed: the instant, and the business seconds until it, or since it when late."""

    kind: DueKind
    at: datetime | None = None
    seconds: int = 0


class Owed(Protocol):
    """A ticket, or a row that shows one."""

    @property
    def due_at(self) -> datetime | None: ...
    @property
    def state_now(self) -> State: ...


def due_of(ticket: Owed) -> Due:
    """What the team owes on a ticket, for the team's eyes."""
    if ticket.due_at is None:
        return Due(DueKind.PAUSED if STATES[ticket.state_now].turn is Turn.CLIENT else DueKind.NONE)
    now = clock.now()
    left = calendar().between(now, ticket.due_at)
    if ticket.due_at <= now:
        return Due(DueKind.LATE, ticket.due_at, -left)
    soon = ticket.due_at <= soon_before()
    return Due(DueKind.SOON if soon else DueKind.LATER, ticket.due_at, left)


def soon_before() -> datetime:
    """The instant before which what is owed is due soon."""
    return calendar().after(clock.now(), settings.DUE_SOON_HOURS * service.HOUR)


def is_late() -> Q:
    """The tickets on which something is overdue."""
    return Q(due_at__lte=clock.now())


def is_pressing() -> Q:
    """The tickets due soon or overdue, and those that wait for the team while their project's event is near."""
    pressing = Q(due_at__lte=soon_before())
    if settings.EVENT_NEAR_DAYS:
        near = clock.today() + timedelta(days=settings.EVENT_NEAR_DAYS)
        pressing |= Q(project__event_date__range=(clock.today(), near), state__in=sorted(VENDOR_STATES))
    return pressing


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One line of the table of service levels."""

    phase: Project.Phase
    priority: str
    level: service.Level

    def name(self, which: str) -> str:
        """The name of one of its two numbers, as forms and refusals say it."""
        return service.hours_name(self.phase, self.priority, which)


def level_rows(viewer: User) -> list[LevelRow]:
    """The service levels of every phase and priority. For the team."""
    if viewer.is_client:
        raise Forbidden
    return [LevelRow(Project.Phase(phase), priority, level) for (phase, priority), level in service.levels().items()]
