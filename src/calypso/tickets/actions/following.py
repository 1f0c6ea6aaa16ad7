"""Following a ticket, muting it, or neither: one's own choice (I10)."""

from calypso.accounts.models import User
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.tickets.models import Ticket, TicketWatch, Watch
from calypso.tickets.queries.rows import get_ticket


def watch(by: User, *, ticket: Ticket, wish: str) -> None:
    """Keeps how the person wants to hear of a ticket, a value of `Watch`.

    Raises Invalid for another wish, NotVisible when the ticket is out of sight.
    """
    if wish not in list(Watch):
        raise Invalid({"wish": [_("Cette action n'existe pas.")]})
    seen = get_ticket(by, ticket.reference)
    if wish == Watch.USUAL:
        TicketWatch.objects.filter(ticket=seen, person=by).delete()
    else:
        TicketWatch.objects.update_or_create(ticket=seen, person=by, defaults={"muted": wish == Watch.MUTE})
