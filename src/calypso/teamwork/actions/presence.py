"""Presence: which team members have a ticket open, or type in it, right now; visible to the team only (R11)."""

from django.tasks import task

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import NotVisible
from calypso.teamwork.models import Presence
from calypso.tickets.models import Ticket

FORGOTTEN = 3600  # seconds after which a presence is deleted; it is ignored long before that


def be_there(by: User, *, ticket: Ticket, typing: bool) -> None:
    """Records that a team member has the ticket open now, and whether they type. Raises NotVisible to a client."""
    if by.is_client:
        raise NotVisible
    now = clock.now()
    instants = {"seen_at": now, "typed_at": now} if typing else {"seen_at": now}
    Presence.objects.update_or_create(ticket=ticket, person=by, defaults=instants)


def go_away(by: User, *, ticket: Ticket) -> None:
    """Records that the team member left the ticket."""
    Presence.objects.filter(ticket=ticket, person=by).delete()


@task
def sweep_presences() -> None:
    """Deletes the presences of pages that ended without `go_away`. Runs every hour; idempotent."""
    Presence.objects.filter(seen_at__lt=clock.ago(seconds=FORGOTTEN)).delete()
