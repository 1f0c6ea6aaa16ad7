"""Presence and time spent on a ticket: who else has it open, how long each worked. For the team only (R11)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import Forbidden, NotVisible
from calypso.internals.compiled_query import CompiledQuery
from calypso.teamwork.access import may_remove_time
from calypso.teamwork.models import Presence, TimeEntry
from calypso.tickets.models import Ticket

HERE, TYPING = 30, 15  # seconds during which a report that a page is open, or typed in, still counts


@dataclass(frozen=True, slots=True)
class Other:
    """A colleague who has the ticket open."""

    person: User
    typing: bool


def others_there(viewer: User, ticket: Ticket) -> list[Other]:
    """Returns the colleagues who have the ticket open now, by name. Raises NotVisible to a client."""
    if viewer.is_client:
        raise NotVisible
    rows = Presence.objects.filter(ticket=ticket, seen_at__gte=clock.ago(seconds=HERE)).exclude(person=viewer)
    since = clock.ago(seconds=TYPING)
    presences = rows.select_related("person").order_by("person__last_name", "person__first_name")
    return [Other(row.person, row.typed_at is not None and row.typed_at >= since) for row in presences]


@dataclass(frozen=True, slots=True)
class Time:
    """The time spent on a ticket, `total` in minutes: entries, newest first, each with whether it may be deleted."""

    total: int
    entries: list[tuple[TimeEntry, bool]]


def time_on(viewer: User, ticket: Ticket) -> Time:
    """Returns the time spent on a ticket visible to `viewer`. Raises Forbidden to a client."""
    if viewer.is_client:
        raise Forbidden
    entries: list[TimeEntry] = _ENTRIES.fetch(ticket.pk)
    total = sum(entry.minutes for entry in entries)
    return Time(total, [(entry, may_remove_time(viewer, ticket, entry)) for entry in entries])


_ENTRIES = CompiledQuery(lambda ticket_id: TimeEntry.objects.filter(ticket_id=ticket_id).select_related("person"))


def minutes_by_ticket(viewer: User, tickets: Iterable[Ticket]) -> dict[int, int]:
    """Returns the minutes spent on each of these tickets, by id; those without any are absent.

    Raises Forbidden to a client.
    """
    if viewer.is_client:
        raise Forbidden
    rows = TimeEntry.objects.filter(ticket__in=list(tickets)).order_by().values_list("ticket_id")
    return dict(rows.annotate(Sum("minutes")))
