"""Queries on the tickets linked to a ticket, and on its known issue, for the team."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from calypso.accounts.models import User
from calypso.base.errors import Forbidden
from calypso.base.i18n import gettext as _
from calypso.base.text import is_key
from calypso.internals.compiled_query import CompiledQuery
from calypso.teamwork.models import REVERSED, IssueTicket, KnownIssue, TicketLink
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import State

OFFERED = 50  # most known issues offered


@dataclass(frozen=True, slots=True)
class Linked:
    """A ticket linked to another: the label of the link, French, and the key of the link."""

    key: str
    label: str
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Related:
    """The links of a ticket, its known issue with its number of tickets, and the issues on offer."""

    links: list[Linked]
    issue: KnownIssue | None
    issue_tickets: int
    issues: list[KnownIssue]


def related(viewer: User, ticket: Ticket) -> Related:
    """Returns the links of a ticket to visible tickets, and its known issue, in two queries.

    Raises Forbidden to clients.
    """
    if viewer.is_client:
        raise Forbidden
    links = [
        Linked(row.key, TicketLink.Kind(row.kind).label, row.target)
        if row.source_id == ticket.pk
        else Linked(row.key, REVERSED[TicketLink.Kind(row.kind)], row.source)
        for row in _LINKS.fetch(viewer, ticket.pk)
    ]
    issues = _ISSUES.fetch(ticket.pk)
    issue = next((row for row in issues if row.is_current), None)
    return Related(links, issue, issue.number if issue else 0, [row for row in issues if not row.is_current])


def _links(viewer: User, ticket_id: int) -> QuerySet[TicketLink]:
    visible = tickets_for(viewer)
    of_ticket = Q(source_id=ticket_id, target__in=visible) | Q(target_id=ticket_id, source__in=visible)
    return (
        TicketLink.objects.filter(of_ticket)
        .select_related("source__organization", "target__organization")
        .order_by("id")
    )


def _issues(ticket_id: int) -> QuerySet[Any]:
    """Returns the known issue of a ticket (`is_current`), then the latest with an open one; `number` counts tickets."""
    of_issue = IssueTicket.objects.filter(issue=OuterRef("pk"))
    counts = of_issue.order_by().values("issue").annotate(number=Count("id")).values("number")
    issues = KnownIssue.objects.annotate(
        is_current=Exists(of_issue.filter(ticket_id=ticket_id)),
        alive=Exists(of_issue.exclude(ticket__state=State.CLOSED)),
        number=Subquery(counts),
    )
    return issues.filter(Q(is_current=True) | Q(alive=True)).order_by("-is_current", "-id")[:OFFERED]


_LINKS, _ISSUES = CompiledQuery(_links), CompiledQuery(_issues)


def link_kinds() -> list[tuple[str, str]]:
    """Returns the kinds of link, as (value, label in the reader's language)."""
    return [(kind.value, _(kind.label)) for kind in TicketLink.Kind]


def get_issue(viewer: User, key: str) -> KnownIssue | None:
    """Returns the known issue that a filter names, or None. For the team."""
    return KnownIssue.objects.filter(key=key).first() if is_key(key) and not viewer.is_client else None
