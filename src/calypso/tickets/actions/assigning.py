"""What every assignment of a ticket writes, and the one that goes with an act of whoever has taken no ticket yet."""

from typing import Any

from calypso.accounts.models import User
from calypso.base import clock
from calypso.tickets import access
from calypso.tickets.actions.writing import compare_and_set, record
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.workflow import STEPS, State, Step, StepName, cause_of


def give(
    by: User, ticket: Ticket, assignee: User, seen_version: int, *, body: str = "", once_key: str | None = None
) -> TicketEvent:
    """Assigns the current, locked ticket; « Nouveau » and « En retour » become « Affecté » (S110, A31). Sends no mail.

    For the actions of this package. Raises Conflict when the ticket changed since `seen_version`.
    """
    facts = STEPS[StepName.ASSIGN]
    steps = ticket.state_now in facts.sources
    changes: dict[str, Any] = {"assignee": assignee}
    if steps:
        changes |= step_changes(ticket, facts) | {"prepared_at": ticket.prepared_at}
    before = compare_and_set(ticket, seen_version, **changes)
    step = facts.name if steps else ""
    kind = TicketEvent.Kind.ASSIGNED
    return record(ticket, by, kind, body=body, subject=assignee, step=step, once_key=once_key, before=before)


def take_with_act(by: User, ticket: Ticket, seen_version: int) -> int:
    """Gives the current ticket, which nobody has, to the person who acts on it; returns its version (decision 26).

    Nobody is told: the act has its own mail. Does nothing on a ticket that somebody has, or by who takes none.
    """
    if ticket.assignee_id is not None or not access.may_take(by, ticket):
        return seen_version
    give(by, ticket, by, seen_version)
    return ticket.version


def step_changes(ticket: Ticket, step: Step) -> dict[str, Any]:
    """Returns the column values that a step writes, apart from the assignee."""
    now = clock.now()
    changes: dict[str, Any] = {
        "state": step.target.value,
        "return_cause": cause_of(step.name, ticket.state_now).value,
        "prepared_at": None,
    }
    if step.mail == "tickets.taken" and ticket.taken_at is None:
        changes["taken_at"] = now
    if step.target is State.RD:
        changes["handed_to_rd_at"] = now
    if step.target is State.CLOSED:
        changes["closed_at"] = now
    return changes
