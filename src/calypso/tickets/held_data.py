"""The personal data that tickets hold, and how it is exported, erased and merged (R130)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from calypso.accounts.models import Organization, User
from calypso.accounts.privacy import Erasure, Holding
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Attachment, Draft, DraftFile, Ticket, TicketEvent, TicketFollow

_AUTHORED_FIELDS = ("reference", "title", "description", "page_url", "declared_priority", "context", "created_at")
_TICKET_TEXTS = (
    *("title", "description", "page_url", "context", "priority_reason", "last_comment"),
    *("rd_reference", "rd_url"),
)


def stored_names() -> Iterator[str]:
    """Yields the stored names of the files of entries and of drafts."""
    for model in (Attachment, DraftFile):
        yield from model.objects.values_list("stored", flat=True).iterator()


def _export(person: User) -> dict[str, Any]:
    events = TicketEvent.objects.filter(actor=person).order_by("id")
    files = Attachment.objects.filter(event__actor=person).order_by("id")
    return {
        "tickets": _tickets(person),
        "comments": list(events.values("ticket__reference", "kind", "step", "body", "created_at")),
        "files": list(files.values("ticket__reference", "name", "size", "media_type", "sha256", "created_at")),
        "drafts": list(Draft.objects.filter(owner=person).values("purpose", "fields", "saved_at")),
        "watches": list(TicketFollow.objects.filter(person=person).values("ticket__reference", "muted")),
    }


def _tickets(person: User) -> list[dict[str, Any]]:
    """Returns the tickets that the person declared, as they wrote them.

    The state is included only for tickets visible to them, while their account is active.
    """
    rows = list(Ticket.objects.filter(author=person).order_by("id").values(*_AUTHORED_FIELDS, "state"))
    visible: set[str] = set(tickets_for(person).filter(author=person).values_list("reference", flat=True))
    for row in rows:
        if not person.active or row["reference"] not in visible:
            del row["state"]
    return rows


def _erase(erasure: Erasure) -> None:
    Draft.objects.filter(owner=erasure.person).delete()
    TicketFollow.objects.filter(person=erasure.person).delete()
    Ticket.objects.filter(follower=erasure.person).update(follower=None)


def _leave(_by: User, person: User, organization: Organization) -> None:
    Ticket.objects.filter(follower=person, organization=organization).update(follower=None)


def _after_merge(account: User) -> None:
    Ticket.objects.filter(author=account, follower=F("author")).update(follower=None)


TICKETS = Holding(
    texts={Ticket: _TICKET_TEXTS, TicketEvent: ("body",), Attachment: ("name",)},
    export=_export,
    erase=_erase,
    leave=_leave,
    once={TicketFollow: "ticket_id"},
    merged=_after_merge,
)
