"""The queue as a board: a column per state, its most recently active tickets, and where each card may go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from calypso.accounts.models import User
from calypso.internals.compiled_query import CompiledQuery, padded
from calypso.teamwork.queries.queue import QueueFilters, filtered
from calypso.tickets.access import steps_in, tickets_for
from calypso.tickets.queries.rows import Assigned
from calypso.tickets.workflow import OPEN_STATES, State, Step, StepName

CARDS = 10  # cards of a column, about what a screen shows
MORE = 20  # cards that each order for more adds
MOST_ORDERS = 9  # beyond, the list is the better page


class _Columns(NamedTuple):
    reference: str
    title: str
    state: str
    priority: str
    due_at: datetime | None
    project__archived_at: datetime | None
    project__by_batch: bool
    organization__name: str
    assignee__first_name: str | None
    assignee__last_name: str | None


class Row(_Columns, Assigned):
    """The columns of a ticket that a card shows, and those that decide its steps."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket of the board and the steps that the viewer may take; assigning is done on the ticket's page."""

    ticket: Row
    steps: list[Step]

    @property
    def targets(self) -> str:
        """`state:step …`: the columns where the card may be dropped, and the step that each one takes."""
        first = {step.target: step.name for step in reversed(self.steps)}
        return " ".join(f"{state.value}:{name.value}" for state, name in first.items())


@dataclass(frozen=True, slots=True)
class Column:
    """One state: its number of tickets, its most recently active cards, and whether more of them may be ordered."""

    state: State
    total: int
    cards: list[Card]
    has_more: bool


def board(viewer: User, filters: QueueFilters, orders: Mapping[str, int] | None = None) -> list[Column]:
    """Returns the columns of the open states, in the guide's order. Uses two queries, plus one per state.

    `orders` is how many times more cards were asked of a state. For the team. Raises Invalid for an unknown filter.
    """
    rows = filtered(viewer, tickets_for(viewer), filters)
    totals = dict(rows.order_by().values_list("state").annotate(Count("id")))
    sizes = {state: CARDS + MORE * min((orders or {}).get(state.value, 0), MOST_ORDERS) for state in OPEN_STATES}
    cards: dict[str, list[Card]] = {state.value: [] for state in State}
    # The index already holds the tickets of each state in this order; ranking them would sort all open tickets.
    first = _FIRST.fetch if filters.are_plain else _first
    keys = [key for state, size in sorted(sizes.items()) for key in first(viewer, filters, state.value, slice(size))]
    steps = cache(partial(_steps, viewer))  # the arguments take few values over many cards
    for row in map(Row._make, _CARD_ROWS.fetch(viewer, padded(keys))):
        cards[row.state].append(
            Card(row, steps(row.state_now, row.project__archived_at is not None, row.project__by_batch))
        )
    columns = []
    for state in (state for state in State if state in OPEN_STATES):
        shown, total = cards[state.value], totals.get(state.value, 0)
        has_more = len(shown) < min(total, CARDS + MORE * MOST_ORDERS)
        columns.append(Column(state, total, shown, has_more))
    return columns


def _first(viewer: User, filters: QueueFilters, state: str, cards: slice) -> QuerySet[Any]:
    """Returns the primary keys of the first cards of a column."""
    rows = filtered(viewer, tickets_for(viewer), filters).filter(state=state).order_by("-activity_at", "-id")
    return rows.values_list("pk", flat=True)[: cards.stop]


_FIRST = CompiledQuery(_first)


def _card_rows(viewer: User, keys: Sequence[int]) -> QuerySet[Any]:
    rows = tickets_for(viewer).filter(pk__in=keys).order_by("-activity_at", "-id")
    return rows.values_list(*Row._fields)


_CARD_ROWS = CompiledQuery(_card_rows)


def _steps(viewer: User, state: State, archived: bool, by_batch: bool) -> list[Step]:
    steps = steps_in(viewer, state, archived=archived, by_batch=by_batch)
    return [step for step in steps if step.name is not StepName.ASSIGN]
