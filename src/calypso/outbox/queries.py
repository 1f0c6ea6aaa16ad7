"""Reading the outbox. The rooms above know people: they decide who may, and call these."""

from django.db.models import QuerySet

from calypso.outbox.models import OutgoingEmail, State

HIDDEN_LINK = "[lien à usage unique]"


def emails(*, state: str = "") -> QuerySet[OutgoingEmail]:
    """Messages, newest first; only those in `state` when given."""
    found = OutgoingEmail.objects.order_by("-created_at", "-id")
    return found.filter(state=state) if state in State.values else found


def emails_to(recipient_key: str) -> QuerySet[OutgoingEmail]:
    """The messages to one person, oldest first."""
    return OutgoingEmail.objects.filter(recipient_key=recipient_key).order_by("id")


def emails_about(about: str) -> QuerySet[OutgoingEmail]:
    """The messages about one thing (`ticket:REF`), newest first."""
    return OutgoingEmail.objects.filter(about=about).order_by("-created_at", "-id")
