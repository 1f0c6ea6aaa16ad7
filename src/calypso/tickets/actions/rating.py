"""The action by which a client answers the satisfaction question (I11)."""

from calypso.accounts.models import User
from calypso.base.errors import Forbidden, Invalid
from calypso.base.i18n import gettext as _
from calypso.tickets.access import may_rate
from calypso.tickets.models import Ticket
from calypso.tickets.queries.rows import get_ticket
from calypso.tickets.satisfaction import Satisfaction


def rate(by: User, *, ticket: Ticket, answer: str) -> None:
    """Saves a client's satisfaction with a closed ticket; a later answer replaces an earlier one.

    Raises Forbidden for a person who may not rate, Invalid for an unknown answer, NotVisible for a ticket that is not
    visible.
    """
    current = get_ticket(by, ticket.reference)
    if not may_rate(by, current):
        raise Forbidden
    if answer not in list(Satisfaction):
        raise Invalid({"answer": [_("Ce choix n'est pas proposé.")]})
    Ticket.objects.filter(pk=current.pk).update(satisfaction=answer)
