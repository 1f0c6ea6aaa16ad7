"""How single tickets and their related rows are fetched, and the base classes of rows that show a ticket."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, OuterRef, QuerySet, SmallIntegerField, Subquery, Sum, Value, When

from calypso.accounts.models import User, in_full, initials_of
from calypso.base.errors import NotVisible
from calypso.base.text import is_key
from calypso.internals.compiled_query import CompiledQuery
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Attachment, Following, Stated, Ticket, TicketEvent, TicketFollow
from calypso.tickets.workflow import State

# States sort in the order of the guide, not alphabetically by their codes (A25).
STATE_ORDER = Case(
    *(When(state=state.value, then=Value(number)) for number, state in enumerate(State)),
    output_field=SmallIntegerField(),
)
WITH_NAMES = ("project", "organization", "author", "assignee")  # relations that a list line shows
TICKET_PEOPLE = ("author", "follower", "assignee")
MANAGERS = ("client_manager", "vendor_manager", "setup_agent", "support")


class Declared(Stated):
    """Base of rows of columns that show a ticket and its author."""

    __slots__ = ()
    author__first_name: Any
    author__last_name: Any

    @property
    def author_name(self) -> str:
        """Returns the author's name, « Prénom NOM » (S46)."""
        return in_full(self.author__first_name, self.author__last_name)


class Assigned(Stated):
    """Base of rows of columns that show a ticket and its assignee."""

    __slots__ = ()
    assignee__first_name: Any
    assignee__last_name: Any

    @property
    def assignee_name(self) -> str:
        """Returns the assignee's name, « Prénom NOM »; empty when nobody is assigned."""
        return in_full(self.assignee__first_name or "", self.assignee__last_name or "")

    @property
    def assignee_initials(self) -> str:
        """Returns the assignee's initials; empty when nobody is assigned."""
        return initials_of(self.assignee__first_name or "", self.assignee__last_name or "")


_FOLLOWINGS = {None: Following.USUAL, False: Following.FOLLOW, True: Following.MUTE}


def get_ticket(viewer: User, reference: str) -> Ticket:
    """Returns one ticket by its exact reference, with its people, its project and the viewer's `Following`.

    Two queries. Raises NotVisible.
    """
    ticket = seen_ticket(viewer, reference)
    bring_people(ticket)
    return ticket


def seen_ticket(viewer: User, reference: str) -> Ticket:
    """Returns what `get_ticket` returns, without the people. One query. Raises NotVisible.

    For views that pass the ticket to an action, since the action fetches it again.
    """
    return _complete(_TICKET.first(viewer, reference) if is_key(reference) else None)


def held_ticket(viewer: User, reference: str) -> Ticket:
    """Returns what `get_ticket` returns, its row locked until the end of the transaction. For this package only."""
    ticket = _complete(_LOCKED_TICKET.first(viewer, reference))
    bring_people(ticket)
    return ticket


def _complete(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise NotVisible
    ticket.project.organization = ticket.organization
    ticket.following = _FOLLOWINGS[ticket.muted]  # type: ignore[attr-defined]  # annotated
    return ticket


def _ticket(viewer: User, reference: str) -> QuerySet[Ticket]:
    follow = TicketFollow.objects.filter(ticket=OuterRef("pk"), person=viewer).values("muted")
    rows = tickets_for(viewer).select_related("project", "organization").annotate(muted=Subquery(follow[:1]))
    return rows.filter(reference=reference)


_TICKET = CompiledQuery(_ticket)
_LOCKED_TICKET = CompiledQuery(lambda viewer, reference: _ticket(viewer, reference).select_for_update(of=("self",)))
_PEOPLE = CompiledQuery(lambda keys: User.objects.order_by().filter(pk__in=keys))


def bring_people(ticket: Ticket) -> None:
    """Loads all the people of the ticket and of its project, in one query.

    Seven joins to one table cost more to plan than a second query.
    """
    relations = [(ticket, name) for name in TICKET_PEOPLE] + [(ticket.project, name) for name in MANAGERS]
    keys = sorted({key for row, name in relations if (key := getattr(row, f"{name}_id")) is not None})
    people = {person.pk: person for person in _PEOPLE.fetch(keys)}
    for row, name in relations:
        setattr(row, name, people.get(getattr(row, f"{name}_id")))


def used_bytes(organization_id: int) -> int:
    """Returns the total size in bytes of the files of a company. For this package only."""
    return Attachment.objects.filter(organization_id=organization_id).aggregate(total=Sum("size"))["total"] or 0


def prepared_words(tickets: Sequence[Ticket]) -> dict[int, TicketEvent]:
    """Returns, by ticket id, the latest `PREPARED` entry of each ticket: the comment that awaits its batch."""
    rows = TicketEvent.objects.filter(ticket__in=tickets, kind=TicketEvent.Kind.PREPARED).select_related("actor")
    return {event.ticket_id: event for event in rows.order_by("created_at", "id")}
