"""Who may use and change what the team keeps and says for itself. The only place where teamwork decides it (R1)."""

from django.db.models import Q, QuerySet

from calypso.accounts.access import may, require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base.errors import Forbidden, NotVisible
from calypso.teamwork.models import Shareable, TimeEntry
from calypso.tickets.access import may_note, tickets_for
from calypso.tickets.models import Ticket


def require_relate(viewer: User, ticket: Ticket) -> None:
    """Raises unless the person may say how a ticket that they see stands to others: the team, closed tickets too."""
    require(viewer, Capability.NOTE)
    if not tickets_for(viewer).filter(reference=ticket.reference).exists():
        raise NotVisible


def usable_by[K: Shareable](viewer: User, kind: type[K]) -> QuerySet[K]:
    """The saved views or canned replies that the person may use: their own, then the team's. None for a client."""
    kept = kind._default_manager.filter(Q(owner=viewer) | Q(shared=True))
    return kept.none() if viewer.is_client else kept.order_by("shared", "name", "id")


def may_change(viewer: User, kept: Shareable) -> bool:
    """Whether the person may rewrite or remove it: their own, or the team's for who assigns."""
    return kept.owner_id == viewer.pk or (kept.shared and may(viewer, Capability.ASSIGN))


def require_save(viewer: User, *, shared: bool) -> None:
    """Raises unless the person may keep something: the team, and for everybody only who assigns."""
    require(viewer, Capability.ASSIGN if shared else Capability.NOTE)


def get_changeable[K: Shareable](viewer: User, kind: type[K], key: str) -> K:
    """One that the person may rewrite or remove. Raises NotVisible, Forbidden."""
    kept = usable_by(viewer, kind).filter(key=key).first()
    if kept is None:
        raise NotVisible
    if not may_change(viewer, kept):
        raise Forbidden
    return kept


def may_remove_time(viewer: User, ticket: Ticket, entry: TimeEntry) -> bool:
    """Whether the person may take an entry of time back: their own, or anybody's for who assigns."""
    return may_note(viewer, ticket) and (entry.person_id == viewer.pk or may(viewer, Capability.ASSIGN))
