"""Maps the name of an act to its action: one entry point for the composer of pages, the API and incoming mail."""

from calypso.accounts.models import User
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.tickets.actions.conversation import comment, note
from calypso.tickets.actions.steps import take_step
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.workflow import StepName

COMMENT, NOTE = "comment", "note"


def act(
    by: User,
    *,
    ticket: Ticket,
    name: str,
    seen_version: int,
    body: str,
    form_key: str = "",
    confirmed: bool = False,
    takes: bool = False,
) -> TicketEvent:
    """Performs the act `name`: `comment`, `note`, or the name of a workflow step.

    With `takes`, an answer or a step takes a ticket that nobody has (decision 26); a note never does.

    Raises Invalid for an act that does not exist, and whatever the action raises.
    """
    if name == COMMENT:
        return comment(by, ticket=ticket, body=body, form_key=form_key, takes=takes)
    if name == NOTE:
        return note(by, ticket=ticket, body=body, form_key=form_key)
    if name not in list(StepName):
        raise Invalid({"act": [_("Cette action n'existe pas.")]})
    return take_step(
        by,
        ticket=ticket,
        step=StepName(name),
        seen_version=seen_version,
        body=body,
        form_key=form_key,
        confirmed=confirmed,
        takes=takes,
    )
