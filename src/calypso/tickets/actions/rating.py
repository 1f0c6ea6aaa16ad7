"""The answer of a client to the one question of satisfaction (I11)."""

from calypso.accounts.models import User
from calypso.base.errors import Forbidden, Invalid
from calypso.base.i18n import gettext as _
from calypso.tickets.access import may_rate
from calypso.tickets.models import Ticket
from calypso.tickets.queries.rows import get_ticket
from calypso.tickets.satisfaction import Satisfaction


def rate(by: User, *, ticket: Ticket, answer: str) -> None:
    """Keeps how satisfied a client is of a closed ticket; the last answer counts.

    Raises Forbidden to who is not asked, Invalid for another answer, NotVisible when the ticket is out of sight.
    """
    seen = get_ticket(by, ticket.reference)
    if not may_rate(by, seen):
        raise Forbidden
    if answer not in list(Satisfaction):
        raise Invalid({"answer": [_("Ce choix n'est pas proposé.")]})
    Ticket.objects.filter(pk=seen.pk).update(satisfaction=answer)
