"""The client's lists: projects with counters, a project's five sections, one's own tickets, the closed ones."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from calypso.accounts.models import User
from calypso.base.french import Word, words_of
from calypso.base.paging import Page, page_of, page_of_keys
from calypso.base.searching import WORDS_MAX
from calypso.base.sorting import Columns, Sort, order_by, parse_sort
from calypso.base.text import fold
from calypso.base.validation import search_words
from calypso.projects.models import Project
from calypso.projects.queries import current_projects
from calypso.tickets.access import tickets_for, tickets_of
from calypso.tickets.models import Ticket
from calypso.tickets.queries.excerpts import Part, Passage
from calypso.tickets.queries.finding import find
from calypso.tickets.queries.rows import STATE_ORDER
from calypso.tickets.terms import term_of_project
from calypso.tickets.workflow import STATES, Section, State


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project with its three counters (S36). « En cours » includes the new of the day (decision 10)."""

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


def projects_page(viewer: User, sort: str) -> tuple[list[ProjectRow], Sort]:
    """The current projects that the person sees, with counters that equal the sums of the sections (R12).

    Three queries at most, whatever the number of projects and tickets. Raises Invalid for an unknown sort.
    """
    asked = parse_sort(sort, PROJECT_SORTS, "nom")
    projects = list(current_projects(viewer))
    counts: Counter[tuple[int, Section]] = Counter()
    states = (
        tickets_for(viewer)
        .filter(project__in=[project.pk for project in projects])
        .exclude(state=State.CLOSED)
        .order_by()
        .values_list("project_id", "state")
        .annotate(tickets=Count("id"))
    )
    for project_id, state, number in states:
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
    return sorted(rows, key=PROJECT_SORTS[asked.key], reverse=asked.descending), asked


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """Closed tickets of a project: the page, the sort, and the words searched (empty: all); `how` as in `Found`."""

    page: Page[Ticket]
    sort: Sort
    words: str
    how: str = ""
    meant: Sequence[Word] = ()

    def marked(self, text: str) -> list[Part]:
        """A text of the page, the words searched marked."""
        return Passage(text, self.meant).marked()


BEST = "pertinence"
CLOSED_MOST = 1_000  # closed tickets of a project that a search shows
CLOSED_SORTS: Columns = {
    BEST: ("closed_at",),  # what is found has an order of its own; without words, the date
    "date": ("closed_at",),
    "libelle": ("title",),
    "reference": ("reference",),
}


def closed_page(
    viewer: User, project: Project, words: str, sort: str, page: int, total: int | None = None
) -> ClosedPage:
    """The closed tickets of one project, newest closing first (S83–S85, S90–S93); those that answer best, of words.

    `total` is how many there are, where the caller knows. Raises Invalid for an unknown sort.
    """
    clean = search_words(words)
    asked = parse_sort(sort, CLOSED_SORTS, BEST if clean else "-date")
    tickets = tickets_of(viewer, project).filter(state=State.CLOSED)
    shown = tickets.only("reference", "title", "closed_at", "state")
    meant = list(words_of(clean))[:WORDS_MAX]
    if not clean:
        ordered = shown.order_by(*order_by(asked, CLOSED_SORTS))
        return ClosedPage(page_of(ordered, page, settings.CLOSED_PAGE_SIZE, total), asked, clean)
    narrow = [frozenset({term_of_project(project.pk)})]
    found = find(viewer, meant, groups=narrow, among=tickets, typing=True, most=CLOSED_MOST)
    size = settings.CLOSED_PAGE_SIZE
    if asked.key == BEST:
        rows = page_of_keys(shown, found.keys, page, size, more=found.more)
    else:
        ordered = shown.filter(pk__in=found.keys).order_by(*order_by(asked, CLOSED_SORTS))
        rows = page_of(ordered, page, size, len(found.keys))
    return ClosedPage(rows, asked, clean, found.how, found.words)


MINE = {"ouverts": True, "clos": False}
MY_SORTS: Columns = {
    "date": ("created_at",),
    "reference": ("reference",),
    "projet": ("project__name", "-created_at"),
    "etat": (STATE_ORDER,),
    "priorite": ("priority", "created_at"),
    "libelle": ("title",),
}


@dataclass(frozen=True, slots=True)
class MyTickets:
    """One's own tickets: open or closed, all projects together (S70)."""

    page: Page[Ticket]
    sort: Sort
    shown: str
    open_count: int
    closed_count: int


def my_tickets_page(viewer: User, shown: str, sort: str, page: int) -> MyTickets:
    """The tickets that the person declared and still sees (decision 1). Raises Invalid for an unknown sort."""
    asked = parse_sort(sort, MY_SORTS, "-date")
    mine = tickets_for(viewer).filter(author=viewer)
    closed, still_open = mine.filter(state=State.CLOSED), mine.exclude(state=State.CLOSED)
    shown = shown if shown in MINE else "ouverts"
    rows = (still_open if MINE[shown] else closed).select_related("author", "project", "organization")
    return MyTickets(
        page_of(rows.order_by(*order_by(asked, MY_SORTS)), page, settings.LIST_PAGE_SIZE),
        asked,
        shown,
        still_open.count(),
        closed.count(),
    )


def tickets_touched(viewer: User, project: Project, losing: list[User]) -> dict[str, list[Ticket]]:
    """By person's key, the open tickets of the project that they declared or follow and would no longer see."""
    keys = {person.pk: person.key for person in losing}
    touched: dict[str, list[Ticket]] = {key: [] for key in keys.values()}
    found = tickets_for(viewer).filter(project=project).exclude(state=State.CLOSED)
    for ticket in found.filter(Q(author__in=losing) | Q(follower__in=losing)).order_by("-created_at"):
        for person_id, key in keys.items():
            if person_id in (ticket.author_id, ticket.follower_id):
                touched[key].append(ticket)
    return touched
