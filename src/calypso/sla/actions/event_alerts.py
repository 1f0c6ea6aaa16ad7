"""As a project's event nears, the team is told of the tickets that still wait for it, by setting."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from calypso.base import clock
from calypso.outbox.preferences import DIGEST_HOUR
from calypso.projects.models import Project
from calypso.projects.queries import PEOPLE
from calypso.sla.notices import tell_event_near
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import VENDOR_STATES


@task
def tell_events() -> None:
    """Tells of each project whose event is within a threshold of EVENT_ALERT_DAYS.

    Every hour, from the morning on. A threshold is told once an event date, and only while tickets wait for the team:
    the nearest that was passed, so that a worker that slept a day tells nothing twice.
    """
    if not settings.EVENT_ALERT_DAYS or timezone.localtime(clock.now()).hour < DIGEST_HOUR:
        return
    today = clock.today()
    until = today + timedelta(days=max(settings.EVENT_ALERT_DAYS))
    near = Project.objects.filter(archived_at__isnull=True, event_date__range=(today, until)).select_related(*PEOPLE)
    for project in near.order_by("event_date", "pk"):
        _tell(project)


def _tell(project: Project) -> None:
    assert project.event_date is not None  # asked of the database
    left = (project.event_date - clock.today()).days
    waiting = Ticket.objects.filter(project=project, state__in=sorted(VENDOR_STATES)).order_by(
        "-priority", "created_at"
    )
    found = list(waiting.only("reference", "title", "priority", "state", "project"))
    if not found:
        return
    with transaction.atomic():
        tell_event_near(project, min(days for days in settings.EVENT_ALERT_DAYS if days >= left), found)
