"""Reminders to a client who leaves a ticket unanswered, then a notice to the team, if the project asks for it (I11)."""

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
    """Sends the reminders that are due; returns how many. Runs every few minutes, and acts during business hours only.

    During one turn on the client's side, the client gets two reminders, then the team one notice; nothing more is sent
    until the turn changes.
    """
    business_calendar, now = calendar(), clock.now()
    reading = business_calendar.reading(now)
    if reading == business_calendar.reading(clock.ago(minutes=1)):
        return 0
    before = reading - F("project__remind_days") * business_calendar.day_seconds
    tickets = Ticket.objects.filter(
        state__in=sorted(CLIENT_STATES),
        project__remind_days__isnull=False,
        project__archived_at__isnull=True,
        reminded__lte=REMINDERS,
        turn_reading__lte=before,
        reminder_reading__lte=before,
    )
    return sum(
        _remind(ticket, reading)
        for ticket in tickets.select_related("project", "organization").order_by("id")[:AT_ONCE]
    )


def _remind(ticket: Ticket, reading: int) -> bool:
    """Sends one reminder; returns False, and sends nothing, if the ticket changed or was reminded of meanwhile."""
    with transaction.atomic():
        row = Ticket.objects.filter(pk=ticket.pk, version=ticket.version, reminded=ticket.reminded)
        if not row.update(reminded=F("reminded") + 1, reminder_reading=reading):
            return False
        bring_people(ticket)
        is_last = ticket.reminded == REMINDERS
        event = record(ticket, None, TicketEvent.Kind.REMINDED, internal=is_last, source=TicketEvent.Source.SYSTEM)
        tell("tickets.unanswered" if is_last else "tickets.reminder", ticket, event)
    return True
