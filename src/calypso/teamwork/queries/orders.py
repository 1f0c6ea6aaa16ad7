"""An order on many tickets, for who placed it: how far it is, and what became of each ticket."""

from collections.abc import Sequence
from dataclasses import dataclass

from calypso.accounts.models import User
from calypso.base.errors import NotVisible
from calypso.teamwork.models import BulkOrder
from calypso.teamwork.queries.queue import named
from calypso.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome for one ticket: done when `refusal` is empty, else the reason. `ticket` is as it is now."""

    reference: str
    ticket: Ticket | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order, and once it is finished the tickets on which it was done, and those that refused it."""

    order: BulkOrder
    done: Sequence[Outcome]
    refused: Sequence[Outcome]

    @property
    def is_finished(self) -> bool:
        return self.order.finished_at is not None


def order_page(viewer: User, key: str) -> OrderPage:
    """Returns the order `key` of `viewer`. Raises NotVisible for the orders of others."""
    order = BulkOrder.objects.defer("workbook").filter(owner=viewer, key=key).first()
    if order is None:
        raise NotVisible
    if order.finished_at is None:
        return OrderPage(order, [], [])
    tickets = {ticket.reference: ticket for ticket in named(viewer, [reference for reference, _said in order.outcomes])}
    outcomes = [Outcome(reference, tickets.get(reference), said) for reference, said in order.outcomes]
    done = [outcome for outcome in outcomes if not outcome.refusal]
    return OrderPage(order, done, [outcome for outcome in outcomes if outcome.refusal])


def workbook_of_order(viewer: User, key: str) -> bytes:
    """Returns the workbook that `viewer` ordered. Raises NotVisible for those of others, and until it is ready."""
    workbook = BulkOrder.objects.filter(owner=viewer, key=key).values_list("workbook", flat=True).first()
    if workbook is None:
        raise NotVisible
    return bytes(workbook)
