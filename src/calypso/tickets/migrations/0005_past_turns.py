"""The service clock of the tickets that existed before it: the time of each side, and the first answer.

What is owed on them comes with their next act, or with `calypso recount`.
"""

from collections import defaultdict
from itertools import batched
from typing import Any

from django.db import migrations

from calypso.base.business import calendar

CLIENT, NOBODY = {"waiting", "processed"}, {"closed"}
FIELDS = ["vendor_seconds", "client_seconds", "turn_since", "turn_reading", "answered_at", "answer_seconds"]


def count(apps: Any, schema_editor: object) -> None:
    """Reads each timeline, oldest first, as the states of this version have it."""
    all_tickets = apps.get_model("tickets", "Ticket").objects
    all_events = apps.get_model("tickets", "TicketEvent").objects
    for keys in batched(list(all_tickets.values_list("pk", flat=True)), 500, strict=False):
        events = defaultdict(list)
        for event in all_events.filter(ticket__in=keys).select_related("actor").order_by("created_at", "id"):
            events[event.ticket_id].append(event)
        tickets = list(all_tickets.filter(pk__in=keys))
        for ticket in tickets:
            _count(ticket, events[ticket.pk])
        all_tickets.bulk_update(tickets, FIELDS)


def _count(ticket: Any, events: list[Any]) -> None:
    spent, turn, ticket.turn_since = {"vendor": 0, "client": 0}, "vendor", ticket.created_at
    ticket.answered_at = ticket.answer_seconds = None
    for event in events:
        after = "client" if event.state in CLIENT else "nobody" if event.state in NOBODY else "vendor"
        if after != turn:
            spent[turn] += max(0, calendar().between(ticket.turn_since, event.created_at))
            turn, ticket.turn_since = after, event.created_at
        said = event.body and not event.internal and event.kind != "prioritized"
        if said and ticket.answered_at is None and event.actor and event.actor.kind == "staff":
            ticket.answered_at = event.created_at
            ticket.answer_seconds = max(0, calendar().between(ticket.created_at, event.created_at))
    ticket.vendor_seconds, ticket.client_seconds = spent["vendor"], spent["client"]
    ticket.turn_reading = calendar().reading(ticket.turn_since)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_service_clock")]
    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
