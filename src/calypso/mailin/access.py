"""Who sees the received mails: those who see what is sent; of one on a ticket, its author and the team (R85, R89)."""

from django.db.models import QuerySet

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.mailin.models import ReceivedEmail, SenderRule, State
from calypso.tickets.access import events_for
from calypso.tickets.models import Ticket


def received_for(viewer: User) -> QuerySet[ReceivedEmail]:
    """Returns the received mails that `viewer` may sort: all of them. Raises Forbidden, NotVisible to clients."""
    require(viewer, Capability.SEE_OUTBOX)
    return ReceivedEmail.objects.all()


def rules_for(viewer: User) -> QuerySet[SenderRule]:
    """Returns the rules by domain, for those who sort the received mails. Raises Forbidden, NotVisible to clients."""
    require(viewer, Capability.SEE_OUTBOX)
    return SenderRule.objects.select_related("added_by")


def originals_for(viewer: User, ticket: Ticket) -> QuerySet[ReceivedEmail]:
    """Returns the mails behind the entries of a visible ticket; a client's own only: a message quotes others."""
    rows = ReceivedEmail.objects.filter(state=State.APPLIED, event__in=events_for(viewer, ticket))
    return rows.filter(event__actor=viewer) if viewer.is_client else rows
