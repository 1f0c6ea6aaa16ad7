"""The client's lists: projects with their counters, and the viewer's own tickets."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import FETCH_RAISE, Case, Count, Q, QuerySet, SmallIntegerField, Value, When

from calypso.accounts.models import User
from calypso.base.chosen import chosen
from calypso.base.paging import MOST, Page, first_page, page_of, page_of_list
from calypso.base.sorting import Columns, Sort, order_by, parse_sort
from calypso.base.text import fold
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.access import is_client_manager
from calypso.projects.models import Project
from calypso.projects.queries import current_projects
from calypso.projects.visible import VisibleProject
from calypso.tickets.access import tickets_for, tickets_of
from calypso.tickets.models import Ticket
from calypso.tickets.queries.rows import STATE_ORDER
from calypso.tickets.workflow import CLIENT_STATES, STATES, Section, State

PROJECTS_SHOWN = 100  # projects of a page: nearly every client has them all on one


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project with its three counters (S36). « En cours » includes the new tickets of the day (decision 10)."""

    project: Project
    to_complete: int
    processed: int
    in_progress: int


PROJECT_SORTS: dict[str, Callable[[ProjectRow], Any]] = {
    "nom": lambda row: fold(row.project.name),
    "phase": lambda row: row.project.phase,
    "chef": lambda row: fold(row.project.client_manager.full_name) if row.project.client_manager else "",
    "date": lambda row: row.project.event_date or date.max,
    "completer": lambda row: row.to_complete,
    "traites": lambda row: row.processed,
    "cours": lambda row: row.in_progress,
}


@dataclass(frozen=True, slots=True)
class Projects:
    """A page of the viewer's projects, and whether they manage one of all of them."""

    page: Page[ProjectRow]
    sort: Sort
    manages: bool


def projects_page(viewer: User, sort: str, page: int) -> Projects:
    """Returns a page of the current projects visible to `viewer`, with counters that equal those of the sections (R12).

    Three queries at most, whatever the number of projects and tickets. Raises Invalid for an unknown sort.
    """
    order = parse_sort(sort, PROJECT_SORTS, "nom")
    projects: list[Project] = _CURRENT.fetch(viewer)
    counts: Counter[tuple[int, Section]] = Counter()
    for project_id, state, number in _OPEN_BY_PROJECT.fetch(viewer):
        counts[project_id, STATES[State(state)].section] += number
    rows = [
        ProjectRow(
            project,
            counts[project.pk, Section.TO_COMPLETE],
            counts[project.pk, Section.PROCESSED],
            counts[project.pk, Section.IN_PROGRESS],
        )
        for project in projects
    ]
    rows = sorted(rows, key=PROJECT_SORTS[order.key], reverse=order.descending)
    manages = any(is_client_manager(viewer, project) for project in projects)
    return Projects(page_of_list(rows, page, PROJECTS_SHOWN), order, manages)


def _open_by_project(viewer: User) -> QuerySet[Any]:
    tickets = tickets_for(viewer).filter(project__archived_at__isnull=True).exclude(state=State.CLOSED)
    groups: QuerySet[Any] = tickets.order_by().values_list("project_id", "state")
    return cast("QuerySet[Any]", groups.annotate(number=Count("*")))


_CURRENT, _OPEN_BY_PROJECT = CompiledQuery(current_projects), CompiledQuery(_open_by_project)


MINE = {"ouverts": True, "clos": False}
# What waits for the client comes before what does not.
_WAITS_FIRST = Case(
    When(state__in=sorted(CLIENT_STATES), then=Value(0)), default=Value(1), output_field=SmallIntegerField()
)
MY_SORTS: Columns = {
    "attente": (_WAITS_FIRST, "-created_at"),
    "date": ("created_at",),
    "reference": ("reference",),
    "projet": ("project__name", "-created_at"),
    "etat": (STATE_ORDER,),
    "priorite": ("priority", "created_at"),
    "libelle": ("title",),
}


@dataclass(frozen=True, slots=True)
class MyTickets:
    """A page of the tickets that the viewer declared, open or closed, in all projects (S70)."""

    page: Page[Ticket]
    sort: Sort
    shown: str
    open_count: int
    closed_count: int


def my_tickets_page(viewer: User, shown: str, sort: str, page: int) -> MyTickets:
    """Returns the tickets that `viewer` declared and that are still visible to them (decision 1).

    `shown` is a key of `MINE`. Open tickets begin with those that wait for the client. Raises Invalid for an unknown
    sort.
    """
    shown = shown if shown in MINE else "ouverts"
    order = parse_sort(sort, MY_SORTS, "attente" if MINE[shown] else "-date")
    counts = dict.fromkeys(MINE.values(), 0)
    for state, number in _OWN_BY_STATE.fetch(viewer):
        counts[state != State.CLOSED] += number
    total, size = counts[MINE[shown]], chosen("LIST_PAGE_SIZE")
    if page == 1:
        rows: Page[Ticket] = first_page(_OWN_TICKETS.fetch(viewer, MINE[shown], order, slice(size)), total, size)
    else:
        rows = page_of(_own_tickets(viewer, MINE[shown], order), page, size, total)
    return MyTickets(rows, order, shown, counts[True], counts[False])


_OWN_TICKET_FIELDS = (
    *("reference", "title", "state", "priority", "created_at", "last_comment", "last_comment_at"),
    *("project__name", "organization__name"),
)


def _own_tickets(viewer: User, still_open: bool, sort: Sort) -> QuerySet[Ticket]:
    tickets = tickets_for(viewer).filter(author=viewer)
    rows = tickets.exclude(state=State.CLOSED) if still_open else tickets.filter(state=State.CLOSED)
    if sort.key != "date":  # an index has that order; for another one, no more rows are sorted than a list shows
        rows = Ticket.objects.filter(pk__in=rows.order_by("-created_at", "-id").values("pk")[: MOST + 1])
    rows = rows.select_related("project", "organization").only(*_OWN_TICKET_FIELDS).fetch_mode(FETCH_RAISE)
    return rows.order_by(*order_by(sort, MY_SORTS))


def _first_own_tickets(viewer: User, still_open: bool, sort: Sort, first: slice) -> QuerySet[Ticket]:
    return _own_tickets(viewer, still_open, sort)[: first.stop]


def _own_by_state(viewer: User) -> QuerySet[Any]:
    groups: QuerySet[Any] = tickets_for(viewer).filter(author=viewer).order_by().values_list("state")
    return cast("QuerySet[Any]", groups.annotate(number=Count("*")))


_OWN_TICKETS, _OWN_BY_STATE = CompiledQuery(_first_own_tickets), CompiledQuery(_own_by_state)


EXPORTED = 5_000  # tickets of an export at most, the newest
_EXPORTED_FIELDS = (
    *("reference", "title", "state", "priority", "created_at", "closed_at", "comment_count", "last_comment"),
    *("project__name", "author__first_name", "author__last_name"),
)


def own_tickets_to_export(viewer: User) -> QuerySet[Ticket]:
    """Returns the newest tickets that `viewer` declared and still sees, with what a spreadsheet says of each."""
    return _to_export(tickets_for(viewer).filter(author=viewer))


def project_tickets_to_export(visible: VisibleProject) -> QuerySet[Ticket]:
    """Returns the newest tickets of a project, with what a spreadsheet says of each."""
    return _to_export(tickets_of(visible))


def _to_export(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    rows = tickets.select_related("project", "author").only(*_EXPORTED_FIELDS).fetch_mode(FETCH_RAISE)
    return rows.order_by("-created_at", "-id")[:EXPORTED]


def tickets_touched(viewer: User, project: Project, losing: list[User]) -> dict[str, list[Ticket]]:
    """Returns, by person's key, the open tickets of the project that each person would no longer see.

    They are those that the people in `losing` declared or are in copy of, among those visible to `viewer`.
    """
    keys = {person.pk: person.key for person in losing}
    by_person: dict[str, list[Ticket]] = {key: [] for key in keys.values()}
    tickets = tickets_for(viewer).filter(project=project).exclude(state=State.CLOSED)
    for ticket in tickets.filter(Q(author__in=losing) | Q(follower__in=losing)).order_by("-created_at"):
        for person_id, key in keys.items():
            if person_id in (ticket.author_id, ticket.follower_id):
                by_person[key].append(ticket)
    return by_person
