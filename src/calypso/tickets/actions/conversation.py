"""Actions that add comments and internal notes (S75–S80, S119)."""

from functools import partial

from calypso.accounts.models import User
from calypso.base.chosen import chosen
from calypso.base.errors import Forbidden
from calypso.base.text import BODY_MAX
from calypso.base.validation import Input
from calypso.tickets import access
from calypso.tickets.actions.steps import take_with_act
from calypso.tickets.actions.writing import Enclosed, once, open_now, record
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.notices import tell, tell_named


def comment(
    by: User,
    *,
    ticket: Ticket,
    body: str,
    form_key: str = "",
    takes: bool = False,
    source: TicketEvent.Source = TicketEvent.Source.WEB,
) -> TicketEvent:
    """Adds a public comment, with the files of the form, and notifies the other side.

    The state does not change, but with `takes`: a ticket that nobody has is then given to `by` (decision 26).

    Raises Invalid for an empty text, Conflict on a closed ticket or an archived project, Forbidden for R&D.
    """
    text = _text(body)

    def act(once_key: str | None) -> TicketEvent:
        current = open_now(by, ticket)
        if not access.may_reply(by, current):
            raise Forbidden
        if takes:
            take_with_act(by, ticket=current, seen_version=current.version)
        files = Enclosed(form_key, chosen("COMMENT_FILES"))
        kind = TicketEvent.Kind.COMMENTED
        event = record(current, by, kind, body=text, once_key=once_key, source=source, enclosed=files)
        tell("tickets.client_comment" if by.is_client else "tickets.vendor_comment", current, event)
        return event

    return once(by, form_key, partial(_is_comment, ticket, text, internal=False), act)


def note(
    by: User,
    *,
    ticket: Ticket,
    body: str,
    form_key: str = "",
    source: TicketEvent.Source = TicketEvent.Source.WEB,
) -> TicketEvent:
    """Adds an internal note, with the files of the form (R11).

    Only the team sees it, and only the people whom it mentions are notified. Raises what `comment` raises, Conflict
    included: nothing can be added to a closed ticket (decision 7). R&D may write notes.
    """
    text = _text(body)

    def act(once_key: str | None) -> TicketEvent:
        current = open_now(by, ticket)
        if not access.may_note(by, current):
            raise Forbidden
        files = Enclosed(form_key, chosen("COMMENT_FILES"))
        kind = TicketEvent.Kind.COMMENTED
        event = record(current, by, kind, body=text, internal=True, once_key=once_key, source=source, enclosed=files)
        tell_named(current, event)
        return event

    return once(by, form_key, partial(_is_comment, ticket, text, internal=True), act)


def _is_comment(ticket: Ticket, text: str, event: TicketEvent, *, internal: bool) -> bool:
    return (event.ticket_id, event.kind, event.body, event.internal) == (
        ticket.pk,
        TicketEvent.Kind.COMMENTED,
        text,
        internal,
    )


def _text(body: str) -> str:
    checked = Input()
    text = checked.lines("body", body, BODY_MAX, required=True)
    checked.done()
    return text
