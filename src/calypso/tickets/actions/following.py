"""The action by which a person follows a ticket, mutes it, or does neither (I10)."""

from calypso.accounts.models import User
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.tickets.models import Following, Ticket, TicketFollow
from calypso.tickets.queries.rows import get_ticket


def set_following(by: User, *, ticket: Ticket, following: str) -> None:
    """Saves how the person wants to be notified of a ticket, a value of `Following`.

    Raises Invalid for another value, NotVisible when the ticket is not visible to the person.
    """
    if following not in list(Following):
        raise Invalid({"following": [_("Cette action n'existe pas.")]})
    current = get_ticket(by, ticket.reference)
    if following == Following.USUAL:
        TicketFollow.objects.filter(ticket=current, person=by).delete()
    else:
        TicketFollow.objects.update_or_create(
            ticket=current, person=by, defaults={"muted": following == Following.MUTE}
        )
