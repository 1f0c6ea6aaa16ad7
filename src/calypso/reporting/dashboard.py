"""The dashboard: the figures of tickets over a period, overall, then by project, company and assignee."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from calypso.accounts.models import Organization, User
from calypso.base.paging import Page, page_of
from calypso.base.period import Period
from calypso.base.sorting import Sort, order_by, parse_sort
from calypso.projects.models import Project
from calypso.teamwork.queries.queue import QueueFilters, filtered, within
from calypso.tickets.access import measured_tickets
from calypso.tickets.models import Ticket
from calypso.tickets.queries.figures import RETURNS, Figure, falls, processings
from calypso.tickets.queries.lists import MY_SORTS
from calypso.tickets.satisfaction import Satisfaction
from calypso.tickets.workflow import OPEN_STATES, State

GROUPS_SHOWN = 20  # most groups on the page: the workbook has them all
GROUPS = ("project_id", "organization_id", "assignee_id")


class Fact(NamedTuple):
    """The columns of a ticket from which the figures are computed."""

    project_id: int
    organization_id: int
    assignee_id: int | None
    created_at: datetime
    closed_at: datetime | None
    answered_at: datetime | None
    answer_seconds: int | None
    answer_due_at: datetime | None
    vendor_seconds: int
    client_seconds: int
    satisfaction: str


@dataclass(slots=True)
class Measures:
    """The figures of some tickets over a period. `open` is as of now; durations are business seconds.

    `answers` are the times to the first answer of the tickets answered in the period, `in_time` how many of `measured`
    met their service level. `processings`, `vendor_seconds`, `client_seconds`, `rated` and `satisfied` are those of the
    tickets closed in it: a closed ticket no longer changes.
    """

    open: int = 0
    created: int = 0
    closed: int = 0
    processed: int = 0
    returned: int = 0
    measured: int = 0
    in_time: int = 0
    vendor_seconds: int = 0
    client_seconds: int = 0
    rated: int = 0
    satisfied: int = 0
    answers: list[int] = field(default_factory=list)
    processings: list[int] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return len(self.answers)

    @property
    def answer_median(self) -> int | None:
        """The median time to the first answer; None without one."""
        return round(median(self.answers)) if self.answers else None

    @property
    def processing_median(self) -> int | None:
        """The median time that the team spent on a ticket; None when none was closed."""
        return round(median(self.processings)) if self.processings else None

    @property
    def in_time_share(self) -> float | None:
        """The share of first answers that met their service level, 0 to 1; None when none had a service level."""
        return self.in_time / self.measured if self.measured else None

    @property
    def satisfied_share(self) -> float | None:
        """The share of satisfied clients among those who answered, 0 to 1; None when none did."""
        return self.satisfied / self.rated if self.rated else None

    @property
    def return_share(self) -> float | None:
        """The share of processed tickets that were returned, 0 to 1; None when none was processed."""
        return self.returned / self.processed if self.processed else None


@dataclass(frozen=True, slots=True)
class Group[Row]:
    """The measures of one project, company or assignee; `row` is None for the unassigned tickets."""

    row: Row | None
    measures: Measures


@dataclass(frozen=True, slots=True)
class Part:
    """A day, a week or a month of the period: how many tickets were created and closed in it."""

    period: Period
    created: int
    closed: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures of a period. The busiest groups come first; `assignees` is empty for a client."""

    period: Period
    overall: Measures
    states: list[tuple[State, int]]
    parts: list[Part]
    projects: list[Group[Project]]
    organizations: list[Group[Organization]]
    assignees: list[Group[User]]


def dashboard(viewer: User, period: Period, filters: QueueFilters) -> Dashboard:
    """Returns the figures of the viewer's `measured_tickets` that match the filters, whatever their state.

    Uses six queries, one more for a client. Raises Forbidden to R&D, NotVisible to a client who manages no project.
    """
    tickets = within(viewer, measured_tickets(viewer), filters)
    tally = _Tally()
    facts = _facts(tickets, period)
    for fact in facts:
        for measures in tally.of(fact[:3]):
            _add(measures, fact, period, aims=not viewer.is_client)
    states = _count_open(tickets, tally)
    _count_processed(tickets, period, tally)
    projects, organizations, assignees = tally.groups
    return Dashboard(
        period,
        tally.overall,
        [(state, states[state.value]) for state in State if state in OPEN_STATES],
        _parts(facts, period),
        _groups(projects, Project.objects.in_bulk, lambda row: row.name),
        _groups(organizations, Organization.objects.in_bulk, lambda row: row.name),
        [] if viewer.is_client else _groups(assignees, User.objects.in_bulk, lambda row: row.full_name),
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
    return Measured(page_of(rows.order_by(*order_by(order, MY_SORTS)), page, settings.LIST_PAGE_SIZE), order)


class _Tally:
    """Accumulates the measures, overall and of each project, company and assignee."""

    def __init__(self) -> None:
        self.overall = Measures()
        self.groups: tuple[dict[int | None, Measures], ...] = tuple({} for _group in GROUPS)

    def of(self, keys: tuple[int | None, ...]) -> list[Measures]:
        """Returns the measures in which a ticket of that project, company and assignee counts."""
        pairs = zip(self.groups, keys, strict=True)
        return [self.overall, *(group.setdefault(key, Measures()) for group, key in pairs)]


def _facts(tickets: QuerySet[Ticket], period: Period) -> list[Fact]:
    condition = falls(Figure.CREATED, period) | falls(Figure.CLOSED, period) | falls(Figure.ANSWERED, period)
    return [Fact(*row) for row in tickets.filter(condition).values_list(*Fact._fields)]


def _add(measures: Measures, fact: Fact, period: Period, *, aims: bool) -> None:
    since, until = period.instants
    measures.created += since <= fact.created_at < until
    if fact.closed_at and since <= fact.closed_at < until:
        measures.closed += 1
        measures.processings.append(fact.vendor_seconds)
        measures.vendor_seconds += fact.vendor_seconds
        measures.client_seconds += fact.client_seconds
        measures.rated += fact.satisfaction != ""
        measures.satisfied += fact.satisfaction == Satisfaction.SATISFIED
    if fact.answered_at and since <= fact.answered_at < until:
        measures.answers.append(fact.answer_seconds or 0)
        if aims and fact.answer_due_at:
            measures.measured += 1
            measures.in_time += fact.answered_at <= fact.answer_due_at


def _count_open(tickets: QuerySet[Ticket], tally: _Tally) -> Counter[str]:
    """Counts the open tickets, in one query; returns how many are in each state."""
    states: Counter[str] = Counter()
    rows = tickets.exclude(state=State.CLOSED).values_list(*GROUPS, "state").annotate(Count("id"))
    for *keys, state, number in rows.order_by():
        states[state] += number
        for measures in tally.of(tuple(keys)):
            measures.open += number
    return states


def _count_processed(tickets: QuerySet[Ticket], period: Period, tally: _Tally) -> None:
    """Counts the tickets processed in the period, and those that were returned."""
    acts = processings(period).filter(ticket__in=tickets)
    groups = [F(f"ticket__{name}") for name in GROUPS]
    returned_by_ticket: dict[tuple[int | None, ...], bool] = {}
    for *keys, followed_by in acts.values_list("ticket_id", *groups, "followed_by"):
        returned_by_ticket[tuple(keys)] = returned_by_ticket.get(tuple(keys), False) or followed_by in RETURNS
    for (_ticket, *keys), returned in returned_by_ticket.items():
        for measures in tally.of(tuple(keys)):
            measures.processed += 1
            measures.returned += returned


def _parts(facts: Iterable[Fact], period: Period) -> list[Part]:
    parts = period.parts()
    starts = [part.first for part in parts]

    def count(instants: Iterable[datetime | None]) -> Counter[int]:
        days = (timezone.localdate(instant) for instant in instants if instant)
        return Counter(bisect_right(starts, day) - 1 for day in days if period.first <= day <= period.last)

    created, closed = count(fact.created_at for fact in facts), count(fact.closed_at for fact in facts)
    return [Part(part, created[index], closed[index]) for index, part in enumerate(parts)]


def _groups[Row](
    measures_by_key: Mapping[int | None, Measures],
    fetch: Callable[[list[int]], dict[int, Row]],
    name: Callable[[Row], str],
) -> list[Group[Row]]:
    rows = fetch([key for key in measures_by_key if key is not None])
    groups = [Group(None if key is None else rows[key], measures) for key, measures in measures_by_key.items()]
    return sorted(
        groups,
        key=lambda group: (
            -group.measures.open,
            -group.measures.created,
            -group.measures.closed,
            name(group.row) if group.row else "",
        ),
    )
