"""The queue as a board: one column a state, the liveliest tickets of each, and where each card may go."""

from dataclasses import dataclass
from typing import Any

from django.db.models import FETCH_RAISE, Count, QuerySet

from calypso.accounts.models import User
from calypso.base.prepared import Prepared
from calypso.tickets.access import steps_for, tickets_for
from calypso.tickets.models import Ticket
from calypso.tickets.queries.desk import QueueFilters, filtered
from calypso.tickets.queries.rows import WITH_NAMES
from calypso.tickets.workflow import OPEN_STATES, State, Step, StepName

CARDS = 25  # of one column: beyond, the list is the better page
# What a card shows, and what decides its steps: the texts of a ticket stay where they are. A card that asked for more
# would be refused rather than ask the database for each ticket.
CARD_FIELDS = (
    *("reference", "title", "state", "return_cause", "priority", "version", "handed_to_rd_at"),
    *("prepared_at", "answer_due_at", "answered_at", "created_at", "activity_at"),
    *("project__key", "project__name", "project__phase", "project__event_date", "project__archived_at"),
    *("project__by_batch", "organization__key", "organization__name"),
    *("author__first_name", "author__last_name", "assignee__first_name", "assignee__last_name"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket of the board and the steps that its reader may take; assigning is done on the ticket."""

    ticket: Ticket
    steps: list[Step]

    @property
    def targets(self) -> str:
        """`state:step …`: the columns where the card may be dropped, and the step that each stands for."""
        first = {step.target: step.name for step in reversed(self.steps)}
        return " ".join(f"{state.value}:{name.value}" for state, name in first.items())


@dataclass(frozen=True, slots=True)
class Column:
    """One state: how many tickets it holds, and its first cards by activity."""

    state: State
    total: int
    cards: list[Card]


def board(viewer: User, filters: QueueFilters) -> list[Column]:
    """The open states in the guide's order. Two queries, and one a state.

    For the team. Raises Invalid for an unknown filter.
    """
    rows = filtered(viewer, tickets_for(viewer), filters)
    totals = dict(rows.order_by().values_list("state").annotate(Count("id")))
    cards: dict[str, list[Card]] = {state.value: [] for state in State}
    # The first of each state by the index that holds them in this order: ranking them would sort all that are open.
    first = _FIRST if filters.are_plain else _first
    keys = [key for state in sorted(OPEN_STATES) for key in first(viewer, filters, state.value, slice(CARDS))]
    shown = tickets_for(viewer).filter(pk__in=keys).select_related(*WITH_NAMES).only(*CARD_FIELDS)
    for ticket in shown.fetch_mode(FETCH_RAISE).order_by("-activity_at", "-id"):
        steps = [step for step in steps_for(viewer, ticket) if step.name is not StepName.ASSIGN]
        cards[ticket.state].append(Card(ticket, steps))
    columns = [state for state in State if state in OPEN_STATES]
    return [Column(state, totals.get(state.value, 0), cards[state.value]) for state in columns]


def _first(viewer: User, filters: QueueFilters, state: str, cards: slice) -> QuerySet[Any]:
    """The keys of the first cards of a column."""
    rows = filtered(viewer, tickets_for(viewer), filters).filter(state=state).order_by("-activity_at", "-id")
    return rows.values_list("pk", flat=True)[: cards.stop]


_FIRST = Prepared(_first)
