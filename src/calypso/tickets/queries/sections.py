"""The five sections of a project's page: how many tickets each has, its first ones, all of one by page (S41, S49)."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from calypso.accounts.models import User, in_full
from calypso.base import clock
from calypso.base.errors import NotVisible
from calypso.base.paging import Page, page_of
from calypso.projects.models import Project
from calypso.tickets.access import tickets_of
from calypso.tickets.models import Ticket
from calypso.tickets.queries.portal import ClosedPage, closed_page
from calypso.tickets.queries.service import SIDE_SUMS, Sides, sides_of_states
from calypso.tickets.workflow import STATES, Section, State, section_of

OPEN_SECTIONS: tuple[Section, ...] = tuple(section for section in Section if section is not Section.CLOSED)


@dataclass(slots=True)
class Row:
    """A ticket in a section: what its line shows, and nothing that would have to be fetched besides."""

    reference: str
    title: str
    state: str
    priority: str
    created_at: datetime
    last_comment: str
    last_comment_at: datetime | None
    author__first_name: str
    author__last_name: str

    state_now = Ticket.state_now
    priority_now = Ticket.priority_now
    is_urgent = Ticket.is_urgent

    @property
    def author_name(self) -> str:
        """The declarant, « Prénom NOM » (S46)."""
        return in_full(self.author__first_name, self.author__last_name)


ROW_FIELDS = tuple(column.name for column in fields(Row))


@dataclass(frozen=True, slots=True)
class Part:
    """A section: how many tickets it has, and the first of them, newest first."""

    total: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Sections:
    """What a project's page shows: the open sections, the closed tickets by page, the time of each side."""

    project: Project
    open: dict[Section, Part]
    closed: ClosedPage
    sides: Sides


def sections_page(viewer: User, project: Project, sort: str, page: int) -> Sections:
    """The sections of a project that the person sees. Four queries, whatever the number of tickets.

    A section shows its first twenty-five; `section_page` has them all.
    """
    tickets = tickets_of(viewer, project)
    counts, sides = _totals(tickets)
    rows: dict[Section, list[Row]] = {section: [] for section in OPEN_SECTIONS}
    if any(counts[section] for section in OPEN_SECTIONS):
        rank = Window(RowNumber(), partition_by=[F("section")], order_by=[F("created_at").desc(), F("id").desc()])
        first = _sectioned(tickets).annotate(rank=rank).filter(rank__lte=settings.LIST_PAGE_SIZE)
        for *values, section in first.order_by("-created_at", "-id").values_list(*ROW_FIELDS, "section"):
            rows[Section(section)].append(Row(*values))
    parts = {section: Part(counts[section], rows[section]) for section in OPEN_SECTIONS}
    return Sections(project, parts, closed_page(viewer, project, "", sort, page, counts[Section.CLOSED]), sides)


def section_page(viewer: User, project: Project, name: str, page: int) -> tuple[Section, Page[Row]]:
    """All the tickets of one open section, by page, newest first. Raises NotVisible for a section that is none."""
    if name not in OPEN_SECTIONS:
        raise NotVisible
    rows = _sectioned(tickets_of(viewer, project)).filter(section=name)
    found = page_of(rows.order_by("-created_at", "-id").values_list(*ROW_FIELDS), page, settings.LIST_PAGE_SIZE)
    return Section(name), replace(found, rows=[Row(*values) for values in found.rows])


def _sectioned(tickets: QuerySet[Ticket]) -> QuerySet[Any]:
    """The open ones of `tickets` with the section of each, and what a row shows."""
    since = clock.start_of_today()
    by_state = [When(state=state.value, then=Value(STATES[state].section.value)) for state in State]
    today = When(state=State.NEW, created_at__gte=since, then=Value(Section.NEW_TODAY.value))
    named = Case(today, *by_state, output_field=CharField())
    return tickets.exclude(state=State.CLOSED).annotate(section=named)


def _totals(tickets: QuerySet[Ticket]) -> tuple[dict[Section, int], Sides]:
    """How many tickets each section has, and the business time of each side over all of them, in one query."""
    today = Count("id", filter=Q(created_at__gte=clock.start_of_today()))
    grouped: Any = list(tickets.order_by().values("state").annotate(**SIDE_SUMS, today=today))
    counts = dict.fromkeys(Section, 0)
    for row in grouped:
        state, of_today = State(row["state"]), row["today"]
        counts[section_of(state, created_today=True)] += of_today
        counts[section_of(state, created_today=False)] += row["number"] - of_today
    return counts, sides_of_states(grouped)
