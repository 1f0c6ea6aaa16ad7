"""The five sections of a project's page: their counts, their first tickets, and one section by page (S41, S49)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, cast

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from calypso.base import clock
from calypso.base.chosen import chosen
from calypso.base.errors import NotVisible
from calypso.base.paging import Page, page_of
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.visible import VisibleProject
from calypso.tickets.access import tickets_of
from calypso.tickets.models import Ticket
from calypso.tickets.queries.rows import Declared
from calypso.tickets.workflow import STATES, Section, State, section_of

OPEN_SECTIONS: tuple[Section, ...] = tuple(section for section in Section if section is not Section.CLOSED)


class _Columns(NamedTuple):
    reference: str
    title: str
    state: str
    priority: str
    created_at: datetime
    last_comment: str
    last_comment_at: datetime | None
    author__first_name: str
    author__last_name: str


class Row(_Columns, Declared):
    """A ticket in a section: the columns that its line shows, and nothing that would need another query.

    Rows with equal values render alike, so that their rendering can be cached (`ui.fragment_cache`).
    """

    __slots__ = ()


ROW_FIELDS = Row._fields


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its number of tickets, and its first tickets, newest first."""

    total: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Sections:
    """The tickets of a project: the open sections, the number of closed tickets."""

    open: dict[Section, Part]
    closed_count: int


def sections_page(visible: VisibleProject) -> Sections:
    """Returns the sections of a project. Two queries, whatever the number of tickets.

    A section holds its first `LIST_PAGE_SIZE` tickets (twenty-five); `section_page` gives all of them.
    """
    today = clock.start_of_today()
    counts = _counts(_BY_STATE.fetch(visible, today))
    rows: dict[Section, list[Row]] = {section: [] for section in OPEN_SECTIONS}
    if any(counts[section] for section in OPEN_SECTIONS):
        for *values, section in _FIRST.fetch(visible, today, chosen("LIST_PAGE_SIZE")):
            rows[Section(section)].append(Row._make(values))
    parts = {section: Part(counts[section], rows[section]) for section in OPEN_SECTIONS}
    return Sections(parts, counts[Section.CLOSED])


def section_page(visible: VisibleProject, name: str, page: int) -> tuple[Section, Page[Row]]:
    """Returns a page of the tickets of one open section, newest first. Raises NotVisible for an unknown section."""
    if name not in OPEN_SECTIONS:
        raise NotVisible
    rows = _with_section(tickets_of(visible), clock.start_of_today()).filter(section=name)
    rows_page = page_of(rows.order_by("-created_at", "-id").values_list(*ROW_FIELDS), page, chosen("LIST_PAGE_SIZE"))
    return Section(name), replace(rows_page, rows=[Row._make(values) for values in rows_page.rows])


def _with_section(tickets: QuerySet[Ticket], since: datetime) -> QuerySet[Any]:
    """Returns the open ones of `tickets`, annotated with the `section` of each; today began at `since`."""
    by_state = [When(state=state.value, then=Value(STATES[state].section.value)) for state in State]
    today = When(state=State.NEW, created_at__gte=since, then=Value(Section.NEW_TODAY.value))
    section_case = Case(today, *by_state, output_field=CharField())
    return tickets.exclude(state=State.CLOSED).annotate(section=section_case)


def _first(visible: VisibleProject, since: datetime, most: int) -> QuerySet[Any]:
    """Returns the first `most` tickets of each section: the columns of `Row`, then the section's name."""
    rank = Window(RowNumber(), partition_by=[F("section")], order_by=[F("created_at").desc(), F("id").desc()])
    first = _with_section(tickets_of(visible), since).annotate(rank=rank).filter(rank__lte=most)
    rows: QuerySet[Any] = first.order_by("-created_at", "-id").values_list(*ROW_FIELDS, "section")
    return rows


def _by_state(visible: VisibleProject, since: datetime) -> QuerySet[Any]:
    """Returns, by state, the number of tickets and that of those created today."""
    today = Count(Value(1), filter=Q(created_at__gte=since))
    groups: QuerySet[Any] = tickets_of(visible).order_by().values("state")
    return cast("QuerySet[Any]", groups.annotate(number=Count("*"), today=today))


_FIRST, _BY_STATE = CompiledQuery(_first), CompiledQuery(_by_state)


def _counts(groups: Iterable[Mapping[str, Any]]) -> dict[Section, int]:
    """Returns the number of tickets of each section."""
    counts = dict.fromkeys(Section, 0)
    for row in groups:
        state, of_today = State(row["state"]), row["today"]
        counts[section_of(state, created_today=True)] += of_today
        counts[section_of(state, created_today=False)] += row["number"] - of_today
    return counts
