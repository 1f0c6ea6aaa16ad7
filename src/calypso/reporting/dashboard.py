"""The dashboard: the figures of tickets over a period, overall, then by project, company and assignee."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from calypso.accounts.models import Organization, User
from calypso.base.chosen import chosen
from calypso.base.paging import Page, page_of
from calypso.base.period import Period
from calypso.base.sorting import Sort, order_by, parse_sort
from calypso.projects.models import Project
from calypso.reporting.measures import Measures, Tally, counted_by_day
from calypso.teamwork.queries.queue import QueueFilters, filtered, within
from calypso.tickets.access import measured_tickets
from calypso.tickets.models import Ticket
from calypso.tickets.queries.figures import Figure
from calypso.tickets.queries.lists import MY_SORTS
from calypso.tickets.workflow import OPEN_STATES, State

GROUPS_SHOWN = 20  # most groups on the page: the workbook has them all


@dataclass(frozen=True, slots=True)
class Group[Row]:
    """The measures of one project, company or assignee; `row` is None for the unassigned tickets."""

    row: Row | None
    measures: Measures


@dataclass(frozen=True, slots=True)
class Ranking[Row]:
    """The busiest of `total` groups, the busiest first."""

    groups: list[Group[Row]]
    total: int


@dataclass(frozen=True, slots=True)
class Part:
    """A day, a week or a month of the period: how many tickets were created and closed in it."""

    period: Period
    created: int
    closed: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures of a period; `assignees` is None for a client."""

    period: Period
    overall: Measures
    states: list[tuple[State, int]]
    parts: list[Part]
    projects: Ranking[Project]
    organizations: Ranking[Organization]
    assignees: Ranking[User] | None


def dashboard(viewer: User, period: Period, filters: QueueFilters, most: int | None = None) -> Dashboard:
    """Returns the figures of the viewer's `measured_tickets` that match the filters, whatever their state.

    At most `most` projects, companies and assignees, all of them when it is None. Uses twenty-two queries. Raises
    Forbidden to R&D, NotVisible to a client who manages no project.
    """
    tickets = within(viewer, measured_tickets(viewer), filters)
    tally = Tally(tickets, period, aims=not viewer.is_client)
    projects, organizations, assignees = tally.groups
    return Dashboard(
        period,
        tally.overall,
        [(state, tally.states[state.value]) for state in State if state in OPEN_STATES],
        _parts(tickets, period),
        _ranking(projects, Project.objects.in_bulk, most),
        _ranking(organizations, Organization.objects.in_bulk, most),
        None if viewer.is_client else _ranking(assignees, User.objects.in_bulk, most),
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """A page of the tickets behind a figure."""

    page: Page[Ticket]
    sort: Sort


def measured_page(viewer: User, filters: QueueFilters, sort: str, page: int) -> Measured:
    """Returns a page of the viewer's `measured_tickets` that match the filters. Raises as `dashboard`, and Invalid."""
    order = parse_sort(sort, MY_SORTS, "-date")
    rows = filtered(viewer, measured_tickets(viewer), filters).select_related("author", "project", "organization")
    return Measured(page_of(rows.order_by(*order_by(order, MY_SORTS)), page, chosen("LIST_PAGE_SIZE")), order)


def _parts(tickets: QuerySet[Ticket], period: Period) -> list[Part]:
    parts = period.parts()
    starts = [part.first for part in parts]

    def count(figure: Figure, column: str) -> Counter[int]:
        by_part: Counter[int] = Counter()
        for day, number in counted_by_day(tickets, figure, column, period).items():
            by_part[bisect_right(starts, day) - 1] += number
        return by_part

    created, closed = count(Figure.CREATED, "created_at"), count(Figure.CLOSED, "closed_at")
    return [Part(part, created[index], closed[index]) for index, part in enumerate(parts)]


def _ranking[Row](
    measures_by_key: Mapping[int | None, Measures],
    fetch: Callable[[list[int]], dict[int, Row]],
    most: int | None,
) -> Ranking[Row]:
    def rank(group: tuple[int | None, Measures]) -> tuple[int, ...]:
        key, measures = group
        return -measures.open, -measures.created, -measures.closed, -(key or 0)

    busiest = sorted(measures_by_key.items(), key=rank)[:most]
    rows = fetch([key for key, _measures in busiest if key is not None])
    groups = [Group(None if key is None else rows[key], measures) for key, measures in busiest]
    return Ranking(groups, len(measures_by_key))
