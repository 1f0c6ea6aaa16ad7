"""How tickets are fetched."""

from django.db.models import Case, SmallIntegerField, Sum, Value, When

from calypso.accounts.models import User
from calypso.base.errors import NotVisible
from calypso.base.text import is_key
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Attachment, Ticket
from calypso.tickets.workflow import State

# States sort as the guide numbers them, not by the letters of their codes (A25).
STATE_ORDER = Case(
    *(When(state=state.value, then=Value(number)) for number, state in enumerate(State)),
    output_field=SmallIntegerField(),
)
PEOPLE = (
    "organization",
    "author",
    "follower",
    "assignee",
    "project__organization",
    "project__client_manager",
    "project__vendor_manager",
    "project__setup_agent",
    "project__support",
)


def get_ticket(viewer: User, reference: str) -> Ticket:
    """One ticket with its people and project, by its exact reference. Raises NotVisible."""
    rows = tickets_for(viewer).select_related(*PEOPLE)
    found = rows.filter(reference=reference).first() if is_key(reference) else None
    if found is None:
        raise NotVisible
    return found


def used_bytes(organization_id: int) -> int:
    """The size of all files of a company. For this room only."""
    return Attachment.objects.filter(organization_id=organization_id).aggregate(total=Sum("size"))["total"] or 0
