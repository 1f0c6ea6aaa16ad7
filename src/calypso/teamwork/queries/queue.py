"""The desk's queue: every ticket visible to the viewer, filtered, sorted, paged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, QuerySet

from calypso.accounts import access as accounts
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import Organization, TeamMember, User
from calypso.accounts.queries import staff_with
from calypso.base import clock
from calypso.base.chosen import chosen
from calypso.base.errors import Forbidden, Invalid
from calypso.base.i18n import gettext as _
from calypso.base.paging import MOST, Page, counted, first_page, page_of, page_of_keys
from calypso.base.period import parse_period
from calypso.base.sorting import Columns, Sort, order_by, parse_sort
from calypso.base.text import is_key
from calypso.internals.compiled_query import CompiledQuery, padded
from calypso.projects.models import Project, days_until
from calypso.search.index_terms import OPEN
from calypso.search.ranking import MANY, holding_words
from calypso.sla.clock import unanswered
from calypso.sla.due import is_late, is_pressing
from calypso.teamwork.queries.queue_counts import queue_counts
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Ticket
from calypso.tickets.priorities import Priority
from calypso.tickets.queries.figures import Figure, behind
from calypso.tickets.queries.rows import STATE_ORDER, WITH_NAMES, Assigned, Declared, used_bytes
from calypso.tickets.workflow import State

NOBODY, ME = "personne", "moi"
PLACES = 500
LATE, PRESSING, UNANSWERED = "depassee", "proche", "sans-reponse"
TO_PUBLISH = "a-publier"
QUIET_DAYS = ("1", "3", "7", "30")  # days without activity

DEFAULT_SORT = "activite"
QUEUE_SORTS: Columns = {
    "reference": ("reference",),
    "libelle": ("title",),
    "projet": ("project__name",),
    "etat": (STATE_ORDER,),
    "priorite": ("priority", "-activity_at"),
    "intervenant": ("assignee__last_name", "assignee__first_name"),
    "echeance": (F("due_at"),),
    "creation": ("created_at",),
    "activite": ("activity_at",),
}


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """The filters, as given in the URL. Several states or priorities mean any of them; empty means all open tickets.

    A figure of the dashboard, or a known issue, means its tickets, open or closed; a figure covers the days from
    `since` to `until`.
    """

    organization: str = ""
    project: str = ""
    states: Sequence[str] = field(default_factory=tuple)
    priorities: Sequence[str] = field(default_factory=tuple)
    assignee: str = ""
    manager: str = ""
    team: str = ""
    words: str = ""
    phase: str = ""
    author: str = ""
    quiet_days: str = ""
    due: str = ""
    batch: str = ""
    issue: str = ""
    figure: str = ""
    since: str = ""
    until: str = ""

    @property
    def hold_closed(self) -> bool:
        """Whether closed tickets may match."""
        return State.CLOSED in self.states or bool(self.figure or self.issue)

    @property
    def are_plain(self) -> bool:
        """Whether the filters do not depend on the current time and take few values: their queries can be compiled."""
        return not (self.words or self.quiet_days or self.due or self.figure or self.author)


class _Columns(NamedTuple):
    pk: int
    reference: str
    title: str
    description: str
    state: str
    priority: str
    prepared_at: datetime | None
    due_at: datetime | None
    last_comment: str
    activity_at: datetime
    project__name: str
    project__event_date: date | None
    organization__name: str
    author__first_name: str
    author__last_name: str
    assignee__first_name: str | None
    assignee__last_name: str | None


class Row(_Columns, Declared, Assigned):
    """The columns of a ticket that the list shows, and nothing that would need another query."""

    __slots__ = ()

    @property
    def days_to_event(self) -> int | None:
        """Days until the event of the project (`days_until`)."""
        return days_until(self.project__event_date)


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue, with the counts of the predefined views."""

    page: Page[Row]
    sort: Sort
    filters: QueueFilters
    counts: dict[str, int]


def queue_page(viewer: User, filters: QueueFilters, sort: str, page: int) -> Queue:
    """Returns a page of the queue. For the team. Raises Invalid for an unknown sort or filter, Forbidden to clients."""
    if viewer.is_client:
        raise Forbidden
    order = parse_sort(sort, QUEUE_SORTS, f"-{DEFAULT_SORT}")
    counts = queue_counts(viewer)
    known_total, size = counts["all"] if filters == QueueFilters() else None, chosen("LIST_PAGE_SIZE")
    if filters.words:
        return Queue(_page_of_words(viewer, filters, order, page, size), order, filters, counts)
    if page > 1 or not filters.are_plain or order.key != DEFAULT_SORT:
        keys = _ordered(viewer, filters, order).values_list("pk", flat=True)
        count = counted(_ordered(viewer, filters, _LATEST)) if known_total is None else known_total
        keys_page: Page[Any] = page_of(keys, page, size, count)
        # Only the rows that are shown are read whole.
        rows = {row.pk: row for row in _rows_of(_ROWS_BY_KEY.fetch(viewer, padded(keys_page.rows)))}
        shown = replace(keys_page, rows=[rows[key] for key in keys_page.rows if key in rows])
        return Queue(shown, order, filters, counts)
    total = _MATCHING_KEYS.count(viewer, filters) if known_total is None else known_total
    first = _rows_of(_FIRST.fetch(viewer, filters, order, slice(size))) if total else []
    return Queue(first_page(first, total, size), order, filters, counts)


_LATEST = Sort(DEFAULT_SORT, descending=True)


def _rows_of(rows: Iterable[Any]) -> list[Row]:
    return [Row._make(columns) for columns in rows]


def _ordered(viewer: User, filters: QueueFilters, sort: Sort) -> QuerySet[Ticket]:
    """Returns the tickets of a queue in order; of a queue that holds closed ones, those that moved last."""
    tickets = filtered(viewer, tickets_for(viewer), filters)
    # Closed tickets only grow in number: in an order that no index has, no more of them are sorted than are listed.
    if sort.key != DEFAULT_SORT and filters.hold_closed:
        latest = tickets.order_by("-activity_at", "-id").values("pk")[: MOST + 1]
        tickets = Ticket.objects.filter(pk__in=latest)
    return tickets.order_by(*order_by(sort, QUEUE_SORTS))


def _page_of_words(viewer: User, filters: QueueFilters, sort: Sort, page: int, size: int) -> Page[Row]:
    """Returns a page of a text search; the matching, its slowest part, is done once for the count and the rows."""
    keys = list(_ordered(viewer, filters, sort).values_list("pk", flat=True)[: MANY + 1])
    more = len(keys) > MANY
    return page_of_keys(
        lambda page_keys: _rows_of(_ROWS_BY_KEY.fetch(viewer, padded(page_keys))), keys[:MANY], page, size, more=more
    )


def _rows_by_key(viewer: User, keys: Sequence[int]) -> QuerySet[Any]:
    return tickets_for(viewer).filter(pk__in=keys).order_by().values_list(*Row._fields)


_ROWS_BY_KEY = CompiledQuery(_rows_by_key)


def _first_rows(viewer: User, filters: QueueFilters, sort: Sort, first: slice) -> QuerySet[Any]:
    return _ordered(viewer, filters, sort).values_list(*Row._fields)[: first.stop]


_FIRST = CompiledQuery(_first_rows)


def _matching_keys(viewer: User, filters: QueueFilters) -> QuerySet[Ticket, int]:
    # In the default order, whose indexes also serve the count.
    rows = filtered(viewer, tickets_for(viewer), filters).order_by("-activity_at", "-id")
    return rows.values_list("pk", flat=True)[: MOST + 1]


_MATCHING_KEYS = CompiledQuery(_matching_keys)


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a ticket in the queue that the user came from: neighbours, rank (from 1; 0 when it left)."""

    previous: str
    next: str
    rank: int
    total: int


def place_in_queue(viewer: User, filters: QueueFilters, sort: str, after: str, reference: str) -> Place:
    """Returns the place of a ticket in the first five hundred of a queue. Raises Invalid for an unknown sort or filter.

    `after` is the ticket that followed before an action, which may move this one in its queue or out of it: it is still
    `next`. Without it, a ticket that left its queue is followed by the first.
    """
    rows = _ordered(viewer, filters, parse_sort(sort, QUEUE_SORTS, f"-{DEFAULT_SORT}"))
    references = list(rows.values_list("reference", flat=True)[:PLACES])
    rank = references.index(reference) + 1 if reference in references else 0
    following = [after] if after in references else references[rank : rank + 1]
    return Place(references[rank - 2] if rank > 1 else "", following[0] if following else "", rank, len(references))


def matching(viewer: User, filters: QueueFilters, most: int) -> list[str]:
    """Returns the references of the first `most` tickets that match, newest activity first.

    Raises Invalid, also for words that more closed tickets hold than are looked up: nobody acts on a part of what they
    asked without knowing it.
    """
    rows = filtered(viewer, tickets_for(viewer), filters).order_by("-activity_at", "-id")
    references = list(rows.values_list("reference", flat=True)[:most])
    if filters.words and filters.hold_closed and len(references) > MANY:
        raise Invalid({"q": [_("Plus de %(most)d tickets correspondent : précisez les mots.") % {"most": MANY}]})
    return references


def named(viewer: User, references: Sequence[str]) -> list[Ticket]:
    """Returns the tickets with these references that are visible to `viewer`, in the given order."""
    keys = [reference for reference in references if is_key(reference)]
    rows = tickets_for(viewer).filter(reference__in=keys).select_related(*WITH_NAMES)
    tickets = {ticket.reference: ticket for ticket in rows}
    return [tickets[reference] for reference in dict.fromkeys(keys) if reference in tickets]


def queue_author(viewer: User, key: str) -> User | None:
    """Returns the author that a filter names, if visible to `viewer`, or None."""
    return accounts.people_for(viewer).filter(key=key).first() if key else None


def filtered(viewer: User, tickets: QuerySet[Ticket], filters: QueueFilters) -> QuerySet[Ticket]:
    """Returns those of `tickets` that match the filters; without states, figure or issue, open ones. Raises Invalid."""
    tickets = within(viewer, tickets, filters)
    if filters.figure:
        tickets = behind(tickets, Figure(filters.figure), parse_period(filters.since, filters.until))
    if filters.states:
        tickets = tickets.filter(state__in=filters.states)
    elif not (filters.figure or filters.issue):
        tickets = tickets.exclude(state=State.CLOSED)
    if filters.states and State.CLOSED not in filters.states and connection.vendor == "sqlite":
        # SQLite cannot infer that the index of open tickets holds these states. PostgreSQL can, and its estimates would
        # count the condition twice.
        tickets = tickets.exclude(state=State.CLOSED)
    if filters.priorities:
        tickets = tickets.filter(priority__in=filters.priorities)
    if filters.quiet_days:
        tickets = tickets.filter(activity_at__lt=clock.ago(days=int(filters.quiet_days)))
    if filters.due:
        condition = {LATE: is_late, PRESSING: is_pressing, UNANSWERED: unanswered}[filters.due]
        tickets = tickets.filter(condition())
    if filters.issue:
        tickets = tickets.filter(of_issue__issue__key=filters.issue)
    if filters.batch:
        tickets = tickets.filter(prepared_at__isnull=False)
    return holding_words(viewer, tickets, filters.words, [] if filters.hold_closed else [frozenset({OPEN})])


def within(viewer: User, tickets: QuerySet[Ticket], filters: QueueFilters) -> QuerySet[Ticket]:
    """Returns those of `tickets` of the company, project, phase, author, manager, assignee and team, in any state.

    Raises Invalid for an unknown value in any filter, these or the others.
    """
    _check(filters)
    equal = {
        "organization__key": filters.organization,
        "project__key": filters.project,
        "project__phase": filters.phase,
        "author__key": filters.author,
    }
    tickets = tickets.filter(**{column: value for column, value in equal.items() if value})
    if filters.manager:
        tickets = tickets.filter(project__vendor_manager=viewer)
    if filters.team:
        members = TeamMember.objects.filter(team__key=filters.team).values("user")
        tickets = tickets.filter(assignee__in=members)
    if filters.assignee == NOBODY:
        return tickets.filter(assignee__isnull=True)
    if filters.assignee == ME:
        return tickets.filter(assignee=viewer)
    return tickets.filter(assignee__key=filters.assignee) if filters.assignee else tickets


def _check(filters: QueueFilters) -> None:
    """Raises Invalid for an unknown value in a filter."""
    checks = (
        ("states", filters.states, {state.value for state in State}, _("Cet état n'existe pas.")),
        (
            "priorities",
            filters.priorities,
            {priority.value for priority in Priority},
            _("Cette priorité n'existe pas."),
        ),
        ("phase", [filters.phase] if filters.phase else [], set(Project.Phase.values), _("Cette phase n'existe pas.")),
        ("due", [filters.due] if filters.due else [], {LATE, PRESSING, UNANSWERED}, _("Cette échéance n'existe pas.")),
        ("manager", [filters.manager] if filters.manager else [], {ME}, _("Ce filtre n'existe pas.")),
        ("batch", [filters.batch] if filters.batch else [], {TO_PUBLISH}, _("Ce filtre n'existe pas.")),
        ("figure", [filters.figure] if filters.figure else [], set(Figure), _("Ce filtre n'existe pas.")),
        ("quiet_days", [filters.quiet_days] if filters.quiet_days else [], QUIET_DAYS, _("Cette durée n'existe pas.")),
    )
    for name, values, allowed, message in checks:
        if set(values) - set(allowed):
            raise Invalid({name: [message]})


def assignable(viewer: User) -> list[User]:
    """Returns the team members to whom `viewer` may assign a ticket: everyone, or only themself (S110)."""
    team = staff_with(Capability.WORK)
    return team if accounts.may(viewer, Capability.ASSIGN) else [person for person in team if person == viewer]


@dataclass(frozen=True, slots=True)
class Storage:
    """The storage of a company's files: bytes used, bytes allowed, and whether the team should act (R66)."""

    used: int
    quota: int

    @property
    def nearly_full(self) -> bool:
        return self.used * 5 >= self.quota * 4


def storage_of(viewer: User, organization: Organization) -> Storage:
    """Returns the storage of a company's files. For the team."""
    if viewer.is_client:
        raise Forbidden
    return Storage(used_bytes(organization.pk), chosen("ORGANIZATION_QUOTA_MB") * 1024 * 1024)
