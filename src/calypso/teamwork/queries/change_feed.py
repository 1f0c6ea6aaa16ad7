"""What happened lately, and who hears of it: for pages that follow by themselves. Rights are those of `access`."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from django.db.models import FETCH_RAISE

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import NotVisible
from calypso.base.paging import rows_after
from calypso.base.text import is_key
from calypso.internals.compiled_query import CompiledQuery
from calypso.outbox.queries import notifications_of
from calypso.projects.access import projects_for, viewers_of
from calypso.projects.models import Project
from calypso.teamwork.models import Presence
from calypso.teamwork.queries.work import HERE, TYPING
from calypso.tickets.access import events_for, team_sees, tickets_for
from calypso.tickets.models import TicketEvent
from calypso.tickets.workflow import State

# What a page follows: one ticket, one project, all the tickets that its reader sees, or their bell alone.
TICKET, PROJECT, TICKETS, BELL = "ticket", "projet", "tickets", "moi"
_FIELDS = ("internal", "ticket__reference", "ticket__handed_to_rd_at", "ticket__project")


def latest_event() -> int:
    """The number of the newest entry of all timelines; 0 without any."""
    return _LATEST.first() or 0


_LATEST = CompiledQuery(lambda: TicketEvent.objects.order_by("-pk").values_list("pk", flat=True)[:1])


def events_after(last: int, missing: Collection[int], most: int) -> list[TicketEvent]:
    """The entries after `last`, at most `most`, and those of `missing` that are there now, with what says who hears."""
    rows = TicketEvent.objects.select_related("ticket").only(*_FIELDS).fetch_mode(FETCH_RAISE)
    return rows_after(rows, last, missing, most)


def listeners(events: Iterable[TicketEvent]) -> dict[int, frozenset[int]]:
    """By project of these entries, the contacts who see it now (R8): one query a project."""
    asked = {event.ticket.project_id for event in events if not event.internal}
    projects = Project.objects.filter(pk__in=asked)
    return {project.pk: frozenset(viewers_of(project).values_list("pk", flat=True)) for project in projects}


def hears(person: User, event: TicketEvent, by_project: dict[int, frozenset[int]]) -> bool:
    """Whether a person may know that this happened: what is internal is the team's alone (R11)."""
    if person.is_client:
        return not event.internal and person.pk in by_project.get(event.ticket.project_id, frozenset())
    return team_sees(person, event.ticket)


def sees(person: User, topic: str) -> bool:
    """Whether a person may follow a topic, `ticket:REF` or `projet:KEY`; the others are anybody's."""
    kind, _colon, key = topic.partition(":")
    if kind == TICKET:
        return is_key(key) and tickets_for(person).filter(reference=key).exists()
    if kind == PROJECT:
        return is_key(key) and projects_for(person).filter(key=key).exists()
    return not key and kind in (TICKETS, BELL)


def project_number(topic: str) -> int | None:
    """The number of the project that a topic names."""
    kind, _colon, key = topic.partition(":")
    if kind != PROJECT:
        return None
    return Project.objects.filter(key=key).values_list("pk", flat=True).first()


def presences(references: Collection[str]) -> dict[str, frozenset[tuple[int, bool]]]:
    """By ticket of `references`, the members of the team who have it open, each with whether they type."""
    since, typing = clock.ago(seconds=HERE), clock.ago(seconds=TYPING)
    rows = Presence.objects.filter(ticket__reference__in=references, seen_at__gte=since)
    found: dict[str, set[tuple[int, bool]]] = {reference: set() for reference in references}
    for reference, person, typed_at in rows.values_list("ticket__reference", "person_id", "typed_at"):
        found[reference].add((person, typed_at is not None and typed_at >= typing))
    return {reference: frozenset(there) for reference, there in found.items()}


def instant(text: str) -> datetime | None:
    """The instant that a page says it was made at, in seconds; None for anything else (R58)."""
    if not (text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 20):
        return None
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except (OverflowError, ValueError):
        return None


def changed_since(viewer: User, topic: str, since: datetime) -> bool:
    """Whether something happened to a topic, or to the person's bell: for pages that ask from time to time.

    Raises NotVisible for a topic that the person does not see.
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
    moved = tickets.filter(activity_at__gt=since)
    if kind == PROJECT:
        return moved.filter(project__key=key).exists()
    # Open and closed tickets have each their index of what moved last.
    return moved.exclude(state=State.CLOSED).exists() or moved.filter(state=State.CLOSED).exists()
