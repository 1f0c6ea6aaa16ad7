"""Bulk actions on tickets: each ticket is checked and changed on its own; the result gives the outcome of each.

A bulk action repeated with the same form key, by a second click, returns the outcomes of the first (R103).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calypso.accounts.models import User
from calypso.base.errors import Conflict, DomainError, Forbidden, Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.text import CONTEXT_MAX
from calypso.base.validation import Input
from calypso.tickets import access
from calypso.tickets.actions.steps import assign, checked_comment, retain_priority, take_step
from calypso.tickets.models import Ticket
from calypso.tickets.priorities import Priority
from calypso.tickets.queries.rows import get_ticket
from calypso.tickets.workflow import STEPS, StepName

MOST = 200  # most tickets of one bulk action: each takes a few hundredths of a second, and the user waits


@dataclass(frozen=True, slots=True)
class Chosen:
    """A ticket as the user saw it when selecting it: its reference and version."""

    reference: str
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome for one ticket: done when `refusal` is empty, else the reason. `ticket` is its current state."""

    reference: str
    ticket: Ticket | None
    refusal: str = ""


def assign_all(by: User, *, chosen: Sequence[Chosen], assignee: User | None, form_key: str = "") -> list[Outcome]:
    """Assigns every ticket to one team member. Raises Invalid when `assignee` is None or does not work on tickets."""
    if assignee is None or not access.works(assignee):
        raise Invalid({"assignee": [_("Choisissez un intervenant de la liste.")]})
    access.require_assign(by, assignee)

    def give(ticket: Ticket, version: int) -> object:
        return assign(by, ticket=ticket, assignee=assignee, seen_version=version, form_key=_key(form_key, ticket))

    return _apply_to_each(by, chosen, give)


def step_all(by: User, *, chosen: Sequence[Chosen], step: str, body: str, form_key: str = "") -> list[Outcome]:
    """Takes one step on every ticket, with the same comment. Raises Invalid for an unknown step or missing comment."""
    if step not in list(StepName) or step == StepName.ASSIGN:
        raise Invalid({"step": [_("Choisissez une étape.")]})
    facts = STEPS[StepName(step)]
    access.require_step(by, facts)
    checked_comment(step=facts, body=body)

    def take(ticket: Ticket, version: int) -> object:
        key = _key(form_key, ticket)
        try:
            return take_step(by, ticket=ticket, step=facts.name, seen_version=version, body=body, form_key=key)
        except Conflict:
            if facts.name in {offered_step.name for offered_step in access.steps_for(by, ticket)}:
                raise
            raise Conflict(
                _("Cette étape n'est pas possible depuis l'état « %(name)s ».")
                % {"name": _(ticket.state_now.facts.short)}
            ) from None

    return _apply_to_each(by, chosen, take)


def retain_all(by: User, *, chosen: Sequence[Chosen], priority: str, reason: str, form_key: str = "") -> list[Outcome]:
    """Retains one priority for every ticket, with one reason. Raises Invalid for an unknown priority or no reason."""
    access.require_retain_priority(by)
    if priority not in list(Priority):
        raise Invalid({"priority": [_("Choisissez une priorité.")]})
    checked = Input()
    checked.line("reason", reason, CONTEXT_MAX, required=True)
    checked.done()
    return _apply_to_each(
        by,
        chosen,
        lambda ticket, version: retain_priority(
            by,
            ticket=ticket,
            priority=Priority(priority),
            reason=reason,
            seen_version=version,
            form_key=_key(form_key, ticket),
        ),
    )


def _key(form_key: str, ticket: Ticket) -> str:
    """Returns the form key of a bulk action for one of its tickets."""
    return f"{form_key}{ticket.reference}" if form_key else ""


def _apply_to_each(by: User, chosen: Sequence[Chosen], action: Callable[[Ticket, int], object]) -> list[Outcome]:
    if len(chosen) > MOST:
        raise Invalid({"chosen": [_("Au plus %(most)d tickets à la fois.") % {"most": MOST}]})
    return [_apply(by, choice, action) for choice in chosen]


def _apply(by: User, choice: Chosen, action: Callable[[Ticket, int], object]) -> Outcome:
    try:
        ticket = get_ticket(by, choice.reference)
    except NotVisible:
        return Outcome(choice.reference, None, _("Ce ticket n'est pas visible avec votre compte."))
    try:
        action(ticket, choice.version)
    except DomainError as refusal:
        return Outcome(choice.reference, get_ticket(by, choice.reference), _words(refusal))
    return Outcome(choice.reference, get_ticket(by, choice.reference))


def _words(refusal: DomainError) -> str:
    if isinstance(refusal, Conflict):
        return refusal.message
    if isinstance(refusal, Invalid):
        return " ".join(text for texts in refusal.errors.values() for text in texts)
    assert isinstance(refusal, Forbidden)
    return _("Votre compte ne permet pas cette action.")
