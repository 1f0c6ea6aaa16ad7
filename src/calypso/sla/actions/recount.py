"""Recomputes the service clock of every ticket from its timeline, after the calendar changed."""

from collections import defaultdict
from itertools import batched

from django.db import transaction
from django.tasks import task

from calypso.sla.clock import CLOCK_FIELDS, replay
from calypso.sla.levels import book
from calypso.tickets.models import Ticket, TicketEvent

CHUNK = 500


def recount_clock() -> int:
    """Replays the timeline of every ticket; returns how many tickets it wrote. Used by the command `recount`."""
    count = 0
    for keys in batched(list(Ticket.objects.order_by("pk").values_list("pk", flat=True)), CHUNK, strict=False):
        with transaction.atomic():
            count += _replay(keys)
    return count


@task
def recount_later() -> int:
    """Recounts in the background, after the calendar was changed at the desk."""
    return recount_clock()


def _replay(keys: tuple[int, ...]) -> int:
    rows = list(Ticket.objects.select_for_update(of=("self",)).select_related("project").filter(pk__in=keys))
    entries: dict[int, list[TicketEvent]] = defaultdict(list)
    for event in TicketEvent.objects.filter(ticket__in=keys).select_related("actor").order_by("created_at", "id"):
        entries[event.ticket_id].append(event)
    saved = book()
    for row in rows:
        replay(row, entries[row.pk], saved.of(row.project))
    Ticket.objects.bulk_update(rows, CLOCK_FIELDS)
    return len(rows)
