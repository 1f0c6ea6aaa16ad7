"""What one order does to each of its tickets: each is checked and changed on its own, and has an outcome of its own.

Repeated with the same form key, an act is done once (R103).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from calypso.accounts.models import User
from calypso.accounts.queries import get_person
from calypso.base.errors import Conflict, DomainError, Invalid, NotVisible, words_of
from calypso.base.i18n import gettext as _
from calypso.base.text import CONTEXT_MAX
from calypso.base.validation import Input
from calypso.teamwork.models import BulkOrder
from calypso.tickets import access
from calypso.tickets.actions.steps import assign, checked_comment, retain_priority, take_step
from calypso.tickets.models import Ticket
from calypso.tickets.priorities import Priority
from calypso.tickets.queries.rows import get_ticket
from calypso.tickets.workflow import STEPS, StepName

type Fields = Mapping[str, str]
type ActOnOne = Callable[[Ticket, int], object]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A ticket as the user saw it when selecting it: its reference and version."""

    reference: str
    version: int


def act_of_order(by: User, *, act: str, fields: Fields, form_key: str = "") -> ActOnOne:
    """Returns what an order does to one ticket, given the version that was seen of it.

    `fields` are those of the act: `assignee` (a key), `step` and `body`, or `priority` and `reason`. Raises Invalid for
    a field, and Forbidden for an act beyond the rights of `by`, before any ticket is touched.
    """
    if act == BulkOrder.Act.ASSIGN:
        return _assigning(by, fields, form_key)
    if act == BulkOrder.Act.STEP:
        return _stepping(by, fields, form_key)
    return _retaining(by, fields, form_key)


def _assigning(by: User, fields: Fields, form_key: str) -> ActOnOne:
    try:
        assignee = get_person(by, fields["assignee"])
    except NotVisible:
        assignee = None
    if assignee is None or not access.works(assignee):
        raise Invalid({"assignee": [_("Choisissez un intervenant de la liste.")]})
    access.require_assign(by, assignee)
    return lambda ticket, version: assign(
        by, ticket=ticket, assignee=assignee, seen_version=version, form_key=_key(form_key, ticket)
    )


def _stepping(by: User, fields: Fields, form_key: str) -> ActOnOne:
    step, body = fields["step"], fields["body"]
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

    return take


def _retaining(by: User, fields: Fields, form_key: str) -> ActOnOne:
    access.require_retain_priority(by)
    if fields["priority"] not in list(Priority):
        raise Invalid({"priority": [_("Choisissez une priorité.")]})
    checked = Input()
    reason = checked.line("reason", fields["reason"], CONTEXT_MAX, required=True)
    checked.done()
    return lambda ticket, version: retain_priority(
        by,
        ticket=ticket,
        priority=Priority(fields["priority"]),
        reason=reason,
        seen_version=version,
        form_key=_key(form_key, ticket),
    )


def _key(form_key: str, ticket: Ticket) -> str:
    """Returns the form key of a bulk action for one of its tickets."""
    return f"{form_key}{ticket.reference}" if form_key else ""


def apply(by: User, *, choice: Chosen, action: ActOnOne) -> str:
    """Acts on one ticket; returns why it was refused, in words, or nothing when it is done."""
    try:
        action(get_ticket(by, choice.reference), choice.version)
    except NotVisible:
        return _("Ce ticket n'est pas visible avec votre compte.")
    except DomainError as refusal:
        return words_of(refusal)
    return ""
