"""The R&D reference of a ticket: its reference and URL in R&D's own tool; visible to the team only."""

from calypso.accounts.models import User
from calypso.base.errors import Forbidden, Invalid
from calypso.base.i18n import gettext as _
from calypso.base.text import NAME_MAX
from calypso.base.validation import Input
from calypso.tickets import access
from calypso.tickets.actions.writing import compare_and_set, once, open_now, record
from calypso.tickets.models import Ticket, TicketEvent


def refer(by: User, *, ticket: Ticket, reference: str, url: str, seen_version: int, form_key: str = "") -> TicketEvent:
    """Sets the R&D reference and URL, both optional, and records them in an internal entry of the timeline (R11).

    For those who may write internal notes, R&D included. Raises Invalid, naming the field; Forbidden; Conflict on a
    ticket that is closed, archived or changed meanwhile.
    """
    checked = Input()
    number = checked.line("rd_reference", reference, NAME_MAX)
    address = checked.web_address("rd_url", url)
    checked.done()
    body = " · ".join(part for part in (number, address) if part) or _("Référence R&D retirée")

    def act(once_key: str | None) -> TicketEvent:
        current = open_now(by, ticket)
        if not access.may_note(by, current):
            raise Forbidden
        if (current.rd_reference, current.rd_url) == (number, address):
            raise Invalid({"rd_reference": [_("C'est déjà la référence R&D.")]})
        compare_and_set(current, seen_version, rd_reference=number, rd_url=address)
        return record(current, by, TicketEvent.Kind.REFERRED, body=body, internal=True, once_key=once_key)

    signature = (ticket.pk, "referred", body)
    return once(by, form_key, lambda entry: (entry.ticket_id, entry.kind, entry.body) == signature, act)
