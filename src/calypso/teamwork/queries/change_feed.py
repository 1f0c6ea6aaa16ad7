"""The change feed: recent events and who may know of them, for pages that update themselves.

The access rules are those of the `access` modules.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from django.db.models import FETCH_RAISE, Max

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import NotVisible
from calypso.base.paging import rows_after
from calypso.base.text import is_key
from calypso.outbox.queries import notifications_of
from calypso.projects.access import projects_for, viewers_of
from calypso.projects.models import Project
from calypso.teamwork.models import Presence
from calypso.teamwork.queries.work import HERE, TYPING
from calypso.tickets.access import events_for, team_sees, tickets_for
from calypso.tickets.models import TicketEvent
from calypso.tickets.workflow import State

# The topics of a page: one ticket, one project, all the tickets visible to the viewer, or only their notifications.
TICKET, PROJECT, TICKETS, BELL = "ticket", "projet", "tickets", "moi"
_FIELDS = ("internal", "ticket__reference", "ticket__handed_to_rd_at", "ticket__project")


def latest_event() -> int:
    """Returns the primary key of the newest entry of all timelines; 0 without any.

    The greatest, not the first in descending order: SQLite may sort a whole index for that one.
    """
    return TicketEvent.objects.aggregate(latest=Max("pk"))["latest"] or 0


def events_after(last: int, missing: Collection[int], most: int) -> list[TicketEvent]:
    """Returns the entries after `last`, at most `most`, and those of `missing` that exist, with what `hears` reads."""
    rows = TicketEvent.objects.select_related("ticket").only(*_FIELDS).fetch_mode(FETCH_RAISE)
    return rows_after(rows, last, missing, most)


def listeners(events: Iterable[TicketEvent]) -> dict[int, frozenset[int]]:
    """Returns, by project of these entries, the contacts who see it now (R8). Uses one query per project.

    Projects and contacts are primary keys; internal entries are left out.
    """
    project_ids = {event.ticket.project_id for event in events if not event.internal}
    projects = Project.objects.filter(pk__in=project_ids)
    return {project.pk: frozenset(viewers_of(project).values_list("pk", flat=True)) for project in projects}


def hears(person: User, event: TicketEvent, by_project: dict[int, frozenset[int]]) -> bool:
    """Returns whether a person may know of this event: internal ones are for the team only (R11)."""
    if person.is_client:
        return not event.internal and person.pk in by_project.get(event.ticket.project_id, frozenset())
    return team_sees(person, event.ticket)


def sees(person: User, topic: str) -> bool:
    """Returns whether a person may subscribe to a topic, `ticket:REF` or `projet:KEY`; the others are open to all."""
    kind, _colon, key = topic.partition(":")
    if kind == TICKET:
        return is_key(key) and tickets_for(person).filter(reference=key).exists()
    if kind == PROJECT:
        return is_key(key) and projects_for(person).filter(key=key).exists()
    return not key and kind in (TICKETS, BELL)


def project_number(topic: str) -> int | None:
    """Returns the primary key of the project that a topic names, or None."""
    kind, _colon, key = topic.partition(":")
    if kind != PROJECT:
        return None
    return Project.objects.filter(key=key).values_list("pk", flat=True).first()


def presences(references: Collection[str]) -> dict[str, frozenset[tuple[int, bool]]]:
    """Returns, by ticket of `references`, the team members who have it open, each with whether they type."""
    since, typing = clock.ago(seconds=HERE), clock.ago(seconds=TYPING)
    rows = Presence.objects.filter(ticket__reference__in=references, seen_at__gte=since)
    people_by_ticket: dict[str, set[tuple[int, bool]]] = {reference: set() for reference in references}
    for reference, person, typed_at in rows.values_list("ticket__reference", "person_id", "typed_at"):
        people_by_ticket[reference].add((person, typed_at is not None and typed_at >= typing))
    return {reference: frozenset(people) for reference, people in people_by_ticket.items()}


def instant(text: str) -> datetime | None:
    """Parses the time at which a page says it was rendered, in Unix seconds; None for anything else (R58)."""
    if not (text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 20):
        return None
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except (OverflowError, ValueError):
        return None


def changed_since(viewer: User, topic: str, since: datetime) -> bool:
    """Returns whether a topic, or the viewer's notifications, changed after `since`: for pages that poll.

    Raises NotVisible for a topic that the viewer may not subscribe to.
    """
    if not sees(viewer, topic):
        raise NotVisible
    if notifications_of(viewer.key).filter(created_at__gt=since).exists():
        return True
    kind, _colon, key = topic.partition(":")
    if kind == BELL:
        return False
    tickets = tickets_for(viewer)
    if kind == TICKET:
        return events_for(viewer, tickets.get(reference=key)).filter(created_at__gt=since).exists()
    changed_tickets = tickets.filter(activity_at__gt=since)
    if kind == PROJECT:
        return changed_tickets.filter(project__key=key).exists()
    # Open and closed tickets each have their own index by latest activity.
    return changed_tickets.exclude(state=State.CLOSED).exists() or changed_tickets.filter(state=State.CLOSED).exists()
