"""Who of the team has a ticket open, or types in it, right now: for the team alone (R11)."""

from django.tasks import task

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import NotVisible
from calypso.teamwork.models import Presence
from calypso.tickets.models import Ticket

FORGOTTEN = 3600  # seconds after which a presence is removed; it stopped counting long before


def be_there(by: User, *, ticket: Ticket, typing: bool) -> None:
    """Notes that a member of the team has the ticket open now, and whether they are typing. NotVisible for a client."""
    if by.is_client:
        raise NotVisible
    now = clock.now()
    seen = {"seen_at": now, "typed_at": now} if typing else {"seen_at": now}
    Presence.objects.update_or_create(ticket=ticket, person=by, defaults=seen)


def go_away(by: User, *, ticket: Ticket) -> None:
    """Notes that the person closed the ticket."""
    Presence.objects.filter(ticket=ticket, person=by).delete()


@task
def sweep_presences() -> None:
    """Removes what pages that died left behind. Run every hour; running it twice changes nothing."""
    Presence.objects.filter(seen_at__lt=clock.ago(seconds=FORGOTTEN)).delete()
