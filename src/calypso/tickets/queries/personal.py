"""What the extranet holds of one person, for that person (R130)."""

from typing import Any

from calypso.accounts.access import require_manage_account, sessions_for
from calypso.accounts.models import Membership, User
from calypso.outbox.queries import emails_to, notifications_of
from calypso.projects.models import ViewingRight
from calypso.tickets.models import Attachment, Draft, Ticket, TicketEvent, TicketWatch, TimeEntry

_TICKET = ("reference", "title", "description", "page_url", "declared_priority", "context", "state", "created_at")


def personal_data(viewer: User, person: User) -> dict[str, Any]:
    """Everything about `person` as plain values: account, companies, what they wrote and sent, mails, sessions.

    For the person, and for who looks after their account; raises NotVisible or Forbidden for others.
    """
    if viewer.pk != person.pk:
        require_manage_account(viewer, person)
    events = TicketEvent.objects.filter(actor=person).select_related("ticket").order_by("id")
    files = Attachment.objects.filter(event__actor=person).order_by("id")
    return {
        "account": {
            "key": person.key,
            "email": person.email,
            "civility": person.civility,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "language": person.locale,
            "created_at": person.created_at,
            "active": person.active,
        },
        "organizations": list(Membership.objects.filter(user=person).values_list("organization__name", flat=True)),
        "viewing_rights": list(ViewingRight.objects.filter(user=person).values_list("project__name", flat=True)),
        "tickets": list(Ticket.objects.filter(author=person).order_by("id").values(*_TICKET)),
        "comments": list(events.values("ticket__reference", "kind", "step", "body", "created_at")),
        "files": list(files.values("ticket__reference", "name", "size", "media_type", "sha256", "created_at")),
        "drafts": list(Draft.objects.filter(owner=person).values("purpose", "fields", "kept_at")),
        "mails": list(emails_to(person.key).values("kind", "subject", "text", "state", "created_at", "sent_at")),
        "notifications": list(notifications_of(person.key).values("kind", "title", "created_at", "seen_at")),
        "wishes": person.wishes,
        "time_entries": list(
            TimeEntry.objects.filter(person=person).values("ticket__reference", "minutes", "note", "created_at")
        ),
        "watches": list(TicketWatch.objects.filter(person=person).values("ticket__reference", "muted")),
        "sessions": list(sessions_for(person).values("started_at", "seen_at", "device")),
    }
