"""Reminders to a client who leaves a ticket on their side, then a word to the team: where a project asks (I11)."""

from django.db import transaction
from django.db.models import F
from django.tasks import task

from calypso.base import clock
from calypso.base.business import calendar
from calypso.sla.clock import REMINDERS
from calypso.tickets.actions.writing import record
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.notices import tell
from calypso.tickets.queries.rows import bring_people
from calypso.tickets.workflow import CLIENT_STATES

AT_ONCE = 200


@task
def remind_due() -> int:
    """Reminds of every ticket that waited long enough; returns how many. Every few minutes, while the team works.

    A turn on the client's side is told twice to the client, then once to the team: never again before the ticket moves.
    """
    working, now = calendar(), clock.now()
    reading = working.reading(now)
    if reading == working.reading(clock.ago(minutes=1)):
        return 0
    before = reading - F("project__remind_days") * working.day_seconds
    due = Ticket.objects.filter(
        state__in=sorted(CLIENT_STATES),
        project__remind_days__isnull=False,
        project__archived_at__isnull=True,
        reminded__lte=REMINDERS,
        turn_reading__lte=before,
        reminder_reading__lte=before,
    )
    return sum(
        _remind(ticket, reading) for ticket in due.select_related("project", "organization").order_by("id")[:AT_ONCE]
    )


def _remind(ticket: Ticket, reading: int) -> bool:
    """Whether the ticket had neither moved nor been reminded of meanwhile."""
    with transaction.atomic():
        same = Ticket.objects.filter(pk=ticket.pk, version=ticket.version, reminded=ticket.reminded)
        if not same.update(reminded=F("reminded") + 1, reminder_reading=reading):
            return False
        bring_people(ticket)
        last = ticket.reminded == REMINDERS
        event = record(ticket, None, TicketEvent.Kind.REMINDED, internal=last, source=TicketEvent.Source.SYSTEM)
        tell("tickets.unanswered" if last else "tickets.reminder", ticket, event)
    return True
