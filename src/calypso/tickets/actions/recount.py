"""Writes the service clock of tickets again from their timelines: after the calendar or the levels changed."""

from collections import defaultdict
from itertools import batched

from django.db import transaction
from django.db.models import QuerySet

from calypso.tickets import service
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.workflow import State

CLOCK_FIELDS = [
    "vendor_seconds",
    "client_seconds",
    "turn_since",
    "turn_reading",
    "answered_at",
    "answer_seconds",
    *service.DUE_FIELDS,
]
CHUNK = 500


def recount_clock(*, tickets: QuerySet[Ticket] | None = None) -> int:
    """Replays the timeline of every ticket, or of these; returns how many it wrote. For commands and migrations."""
    written = 0
    rows = Ticket.objects.all() if tickets is None else tickets
    for keys in batched(list(rows.order_by("pk").values_list("pk", flat=True)), CHUNK, strict=False):
        with transaction.atomic():
            written += _replay(keys)
    return written


def _replay(keys: tuple[int, ...]) -> int:
    rows = list(Ticket.objects.select_for_update(of=("self",)).select_related("project").filter(pk__in=keys))
    entries: dict[int, list[service.Entry]] = defaultdict(list)
    for event in TicketEvent.objects.filter(ticket__in=keys).select_related("actor").order_by("created_at", "id"):
        answers = event.is_public_comment and event.actor is not None and not event.actor.is_client
        entries[event.ticket_id].append(service.Entry(event.created_at, State(event.state), answers))
    known = service.levels()
    for row in rows:
        service.replay(row, entries[row.pk], known)
    Ticket.objects.bulk_update(rows, CLOCK_FIELDS)
    return len(rows)
