"""Alerts the team to the tickets that still wait for it when a project's event is near, if the settings ask for it."""

from datetime import timedelta

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from calypso.base import clock
from calypso.base.chosen import chosen
from calypso.outbox.preferences import DIGEST_HOUR
from calypso.projects.models import Project
from calypso.projects.queries import PEOPLE
from calypso.sla.notices import tell_event_near
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import VENDOR_STATES


@task
def tell_events() -> None:
    """Sends an alert for each project whose event is within a threshold of EVENT_ALERT_DAYS.

    Runs every hour, and acts from `DIGEST_HOUR` on. The threshold alerted is the nearest one passed, so that a worker
    that was stopped for a day alerts nothing twice. It is alerted once per event date, and only while tickets wait for
    the team.
    """
    if not chosen("EVENT_ALERT_DAYS") or timezone.localtime(clock.now()).hour < DIGEST_HOUR:
        return
    today = clock.today()
    until = today + timedelta(days=max(chosen("EVENT_ALERT_DAYS")))
    projects = Project.objects.filter(archived_at__isnull=True, event_date__range=(today, until)).select_related(
        *PEOPLE
    )
    for project in projects.order_by("event_date", "pk"):
        _tell(project)


def _tell(project: Project) -> None:
    assert project.event_date is not None  # filtered by the query
    days_left = (project.event_date - clock.today()).days
    rows = Ticket.objects.filter(project=project, state__in=sorted(VENDOR_STATES)).order_by("-priority", "created_at")
    tickets = list(rows.only("reference", "title", "priority", "state", "project"))
    if not tickets:
        return
    with transaction.atomic():
        tell_event_near(project, min(days for days in chosen("EVENT_ALERT_DAYS") if days >= days_left), tickets)
