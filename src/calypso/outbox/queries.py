"""Reading the outbox. The rooms above know people: they decide who may, and call these."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import IntegerField, Max, Min, OuterRef, QuerySet, Subquery

from calypso.base.paging import rows_after
from calypso.outbox.models import Notification, OutgoingEmail, State

UNSEEN_TOLD = 100  # « 99+ » is all that the bell says from there on
HIDDEN_LINK = "[lien à usage unique]"


def emails(*, state: str = "") -> QuerySet[OutgoingEmail]:
    """Messages, newest first; only those in `state` when given."""
    found = OutgoingEmail.objects.order_by("-created_at", "-id")
    return found.filter(state=state) if state in State.values else found


def emails_sent_to(recipient_key: str) -> QuerySet[OutgoingEmail]:
    """The messages that left for one person, alone or with others, oldest first."""
    return OutgoingEmail.objects.filter(recipient_key=recipient_key, state__in=[State.SENT, State.GROUPED]).order_by(
        "id"
    )


def oldest_owed() -> datetime | None:
    """When the oldest message that still has to leave was written, but for those that wait for a reason of their own.

    The age of what is owed, not the hour of the next try: a server that refuses everything pushes that one ahead.
    """
    waiting = OutgoingEmail.objects.filter(state=State.WAITING, held=False)
    oldest: datetime | None = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def emails_about(about: str) -> QuerySet[OutgoingEmail]:
    """The messages about one thing (`ticket:REF`), newest first."""
    return OutgoingEmail.objects.filter(about=about).order_by("-created_at", "-id")


def notifications_of(recipient_key: str) -> QuerySet[Notification]:
    """What the bell of a person says, newest first."""
    return Notification.objects.filter(recipient_key=recipient_key).order_by("-id")


def latest_notification() -> int:
    """The number of the newest notification; 0 without any."""
    return Notification.objects.aggregate(last=Max("pk"))["last"] or 0


def recipients_after(last: int, missing: Collection[int], most: int) -> list[tuple[int, str]]:
    """The notifications after `last`, and those of `missing` that are there now: (number, the person's key)."""
    return rows_after(Notification.objects.values_list("pk", "recipient_key"), last, missing, most)


class _HowMany(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def unseen_of(key: str) -> Subquery:
    """How many of a person's notifications are unseen, inside a query on people; `key` is their column.

    No more than the bell tells apart: every page asks, and who never opens it has thousands.
    """
    unseen = Notification.objects.filter(recipient_key=OuterRef(key), seen_at__isnull=True)
    return _HowMany(unseen.order_by().values("pk")[:UNSEEN_TOLD])
