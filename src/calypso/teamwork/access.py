"""Who may use and change the team's internal data. The only module of this package that decides it (R1)."""

from django.db.models import Q, QuerySet

from calypso.accounts.access import may, require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base.errors import Forbidden, NotVisible
from calypso.teamwork.models import ClientNote, Shareable, TimeEntry
from calypso.tickets.access import may_note, tickets_for
from calypso.tickets.models import Ticket


def require_relate(viewer: User, ticket: Ticket) -> None:
    """Raises unless `viewer` may edit the links and the known issue of a ticket: for the team, on visible tickets.

    Closed tickets are included. Raises Forbidden, NotVisible.
    """
    require(viewer, Capability.NOTE)
    if not tickets_for(viewer).filter(reference=ticket.reference).exists():
        raise NotVisible


def usable_by[K: Shareable](viewer: User, kind: type[K]) -> QuerySet[K]:
    """Returns the saved views or canned replies usable by `viewer`: their own, then shared ones. None for a client."""
    rows = kind._default_manager.filter(Q(owner=viewer) | Q(shared=True))
    return rows.none() if viewer.is_client else rows.order_by("shared", "name", "id")


def may_change(viewer: User, item: Shareable) -> bool:
    """Returns whether `viewer` may edit or delete it: their own, or a shared one with the right to assign."""
    return item.owner_id == viewer.pk or (item.shared and may(viewer, Capability.ASSIGN))


def require_save(viewer: User, *, shared: bool) -> None:
    """Raises unless `viewer` may save a view or a reply: for the team; sharing requires the right to assign."""
    require(viewer, Capability.ASSIGN if shared else Capability.NOTE)


def get_changeable[K: Shareable](viewer: User, kind: type[K], key: str) -> K:
    """Returns the view or reply `key`, which `viewer` may edit or delete. Raises NotVisible, Forbidden."""
    item = usable_by(viewer, kind).filter(key=key).first()
    if item is None:
        raise NotVisible
    if not may_change(viewer, item):
        raise Forbidden
    return item


def may_remove_time(viewer: User, ticket: Ticket, entry: TimeEntry) -> bool:
    """Returns whether `viewer` may delete a time entry: their own, or anybody's with the right to assign."""
    return may_note(viewer, ticket) and (entry.person_id == viewer.pk or may(viewer, Capability.ASSIGN))


def client_notes_for(viewer: User) -> QuerySet[ClientNote]:
    """Returns the notes on clients that `viewer` reads: all of them for who sees every client (`SEE_ALL`)."""
    rows = ClientNote.objects.select_related("author")
    return rows if may(viewer, Capability.SEE_ALL) else rows.none()


def may_remove_note(viewer: User, note: ClientNote) -> bool:
    """Returns whether `viewer` may delete a note on a client: their own, or anybody's with `MANAGE_CLIENTS`."""
    return note.author_id == viewer.pk or may(viewer, Capability.MANAGE_CLIENTS)
