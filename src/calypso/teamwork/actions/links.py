"""Actions on the links between tickets and on known issues; both are visible to the team only (R11, R12)."""

from django.db import transaction
from django.db.models import Q

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import NAME_MAX, is_key
from calypso.base.validation import Input
from calypso.teamwork.access import require_relate
from calypso.teamwork.models import IssueTicket, KnownIssue, TicketLink
from calypso.tickets.models import Ticket
from calypso.tickets.queries.rows import get_ticket


def link(by: User, *, ticket: Ticket, kind: str, reference: str) -> TicketLink:
    """Links a ticket to the ticket `reference`, with a `kind`; replaces an existing link between the two.

    Both must be visible to `by`. Raises Invalid for an unknown kind or reference, and for the ticket itself.
    """
    require_relate(by, ticket)
    if kind not in TicketLink.Kind.values:
        raise Invalid({"link_kind": [_("Choisissez un lien de la liste.")]})
    try:
        linked_ticket = get_ticket(by, reference.strip().upper())
    except NotVisible:
        raise Invalid({"link_reference": [_("Aucun ticket n'a cette référence.")]}) from None
    if linked_ticket.pk == ticket.pk:
        raise Invalid({"link_reference": [_("Un ticket ne se lie pas à lui-même.")]})
    links_between = Q(source=ticket, target=linked_ticket) | Q(source=linked_ticket, target=ticket)
    with transaction.atomic():
        # Locks both tickets: links between them are created one at a time.
        list(Ticket.objects.select_for_update().filter(pk__in=(ticket.pk, linked_ticket.pk)).order_by("pk"))
        TicketLink.objects.filter(links_between).delete()
        return TicketLink.objects.create(
            key=new_key(), source=ticket, target=linked_ticket, kind=kind, author=by, created_at=clock.now()
        )


def unlink(by: User, *, ticket: Ticket, key: str) -> None:
    """Deletes a link of a ticket; does nothing when it no longer exists."""
    require_relate(by, ticket)
    TicketLink.objects.filter(Q(source=ticket) | Q(target=ticket), key=key).delete()


def open_issue(by: User, *, ticket: Ticket, title: str) -> KnownIssue:
    """Creates a known issue, and records that the ticket comes from it. Raises Invalid."""
    require_relate(by, ticket)
    checked = Input()
    name = checked.line("issue_title", title, NAME_MAX, required=True)
    checked.done()
    with transaction.atomic():
        issue = KnownIssue.objects.create(key=new_key(), title=name, author=by, created_at=clock.now())
        IssueTicket.objects.update_or_create(ticket=ticket, defaults={"issue": issue})
    return issue


def join_issue(by: User, *, ticket: Ticket, key: str) -> None:
    """Records that a ticket comes from an existing known issue. Raises Invalid."""
    require_relate(by, ticket)
    issue = KnownIssue.objects.filter(key=key).first() if is_key(key) else None
    if issue is None:
        raise Invalid({"issue": [_("Choisissez un problème de la liste.")]})
    IssueTicket.objects.update_or_create(ticket=ticket, defaults={"issue": issue})


def leave_issue(by: User, *, ticket: Ticket) -> None:
    """Records that a ticket comes from no known issue."""
    require_relate(by, ticket)
    IssueTicket.objects.filter(ticket=ticket).delete()
