"""What the extranet holds of one person, for that person (R130, decision 31)."""

from typing import Any

from calypso.accounts.access import require_manage_account, sessions_for
from calypso.accounts.models import Membership, User
from calypso.outbox.queries import emails_sent_to, notifications_of
from calypso.projects.access import projects_for
from calypso.projects.models import ViewingRight
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Attachment, Draft, Ticket, TicketEvent, TicketWatch, TimeEntry
from calypso.tickets.queries.about import visible_among

_WRITTEN = ("reference", "title", "description", "page_url", "declared_priority", "context", "created_at")
_MAIL = ("kind", "subject", "text", "created_at", "sent_at")
_OTHERS_WORDS = ("subject", "text")


def personal_data(viewer: User, person: User) -> dict[str, Any]:
    """Everything about `person` as plain values: account, companies, what they wrote, mails sent to them, sessions.

    Of what the person no longer sees, their own words only: neither the state of a ticket, nor what others wrote in the
    mails about it. For the person, and for who looks after their account; raises NotVisible or Forbidden for others.
    """
    if viewer.pk != person.pk:
        require_manage_account(viewer, person)
    events = TicketEvent.objects.filter(actor=person).select_related("ticket").order_by("id")
    files = Attachment.objects.filter(event__actor=person).order_by("id")
    projects = projects_for(person) if person.active else projects_for(person).none()
    rights = ViewingRight.objects.filter(user=person, project__in=projects)
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
        "viewing_rights": list(rights.values_list("project__name", flat=True)),
        "tickets": _tickets(person),
        "comments": list(events.values("ticket__reference", "kind", "step", "body", "created_at")),
        "files": list(files.values("ticket__reference", "name", "size", "media_type", "sha256", "created_at")),
        "drafts": list(Draft.objects.filter(owner=person).values("purpose", "fields", "kept_at")),
        "mails": _mails(person),
        "notifications": _notifications(person),
        "wishes": person.wishes,
        "time_entries": list(
            TimeEntry.objects.filter(person=person).values("ticket__reference", "minutes", "note", "created_at")
        ),
        "watches": list(TicketWatch.objects.filter(person=person).values("ticket__reference", "muted")),
        "sessions": list(sessions_for(person).values("started_at", "seen_at", "device")),
    }


def _tickets(person: User) -> list[dict[str, Any]]:
    """The tickets that the person declared, as they wrote them; the state of those that they see."""
    rows = list(Ticket.objects.filter(author=person).order_by("id").values(*_WRITTEN, "state"))
    visible: set[str] = set(tickets_for(person).filter(author=person).values_list("reference", flat=True))
    for row in rows:
        if not person.active or row["reference"] not in visible:
            del row["state"]
    return rows


def _mails(person: User) -> list[dict[str, Any]]:
    """The mails that left for the person; of those about what they no longer see, that they left."""
    rows = list(emails_sent_to(person.key).values(*_MAIL, "about"))
    visible = visible_among(person, {row["about"] for row in rows})
    for row in rows:
        if row.pop("about") not in visible:
            for name in _OTHERS_WORDS:
                del row[name]
    return rows


def _notifications(person: User) -> list[dict[str, Any]]:
    rows = list(notifications_of(person.key).values("kind", "title", "created_at", "seen_at", "about"))
    visible = visible_among(person, {row["about"] for row in rows})
    return [{name: value for name, value in row.items() if name != "about"} for row in rows if row["about"] in visible]
