"""How tickets are fetched."""

from django.db.models import Case, OuterRef, QuerySet, SmallIntegerField, Subquery, Sum, Value, When

from calypso.accounts.models import User
from calypso.base.errors import NotVisible
from calypso.base.prepared import Prepared
from calypso.base.text import is_key
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Attachment, Ticket, TicketWatch, Watch
from calypso.tickets.workflow import State

# States sort as the guide numbers them, not by the letters of their codes (A25).
STATE_ORDER = Case(
    *(When(state=state.value, then=Value(number)) for number, state in enumerate(State)),
    output_field=SmallIntegerField(),
)
TICKET_PEOPLE = ("author", "follower", "assignee")
MANAGERS = ("client_manager", "vendor_manager", "setup_agent", "support")


_WATCHES = {None: Watch.USUAL, False: Watch.FOLLOW, True: Watch.MUTE}


def get_ticket(viewer: User, reference: str) -> Ticket:
    """One ticket with its people, its project and the reader's own watch, by its exact reference. Two queries.

    Raises NotVisible.
    """
    found: Ticket | None = _TICKET.one(viewer, reference) if is_key(reference) else None
    if found is None:
        raise NotVisible
    found.project.organization = found.organization
    found.watch = _WATCHES[found.muted]  # type: ignore[attr-defined]  # annotated
    bring_people(found)
    return found


def _ticket(viewer: User, reference: str) -> QuerySet[Ticket]:
    watched = TicketWatch.objects.filter(ticket=OuterRef("pk"), person=viewer).values("muted")
    rows = tickets_for(viewer).select_related("project", "organization").annotate(muted=Subquery(watched[:1]))
    return rows.filter(reference=reference)


_TICKET = Prepared(_ticket)
_PEOPLE = Prepared(lambda keys: User.objects.order_by().filter(pk__in=keys))


def bring_people(ticket: Ticket) -> None:
    """Sets everybody whom the ticket and its project name: seven joins of one table cost more to plan than a query."""
    named = [(ticket, name) for name in TICKET_PEOPLE] + [(ticket.project, name) for name in MANAGERS]
    keys = sorted({key for row, name in named if (key := getattr(row, f"{name}_id")) is not None})
    known = {person.pk: person for person in _PEOPLE(keys)}
    for row, name in named:
        setattr(row, name, known.get(getattr(row, f"{name}_id")))


def used_bytes(organization_id: int) -> int:
    """The size of all files of a company. For this room only."""
    return Attachment.objects.filter(organization_id=organization_id).aggregate(total=Sum("size"))["total"] or 0
