"""Queries on the outbox. They check no right: the packages above, which know people, do so before calling them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import IntegerField, Max, Min, OuterRef, QuerySet, Subquery

from calypso.base import clock
from calypso.base.paging import rows_after
from calypso.outbox.models import Notification, OutgoingEmail, State

UNSEEN_TOLD = 100  # the bell shows « 99+ » from there on
HIDDEN_LINK = "[lien à usage unique]"


def emails(*, state: str = "") -> QuerySet[OutgoingEmail]:
    """Returns messages, newest first; only those in `state` when given."""
    rows = OutgoingEmail.objects.order_by("-created_at", "-id")
    return rows.filter(state=state) if state in State.values else rows


def emails_sent_to(recipient_key: str) -> QuerySet[OutgoingEmail]:
    """Returns the messages that were sent to one person, alone or grouped, oldest first."""
    return OutgoingEmail.objects.filter(
        recipient_key=recipient_key, state__in=[State.SENT, State.GROUPED, State.BOUNCED]
    ).order_by("id")


def oldest_owed() -> datetime | None:
    """Returns when the oldest message that should have left was written; None without any.

    Those held on purpose, or that wait for their hour, are not late.

    It measures the age of the message, not its next try, which a server that refuses everything keeps postponing.
    """
    rows = OutgoingEmail.objects.filter(state=State.WAITING, held=False)
    rows = rows.exclude(attempts=0, next_try__gt=clock.now())
    oldest: datetime | None = rows.aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def emails_about(about: str) -> QuerySet[OutgoingEmail]:
    """Returns the messages about one object (`ticket:REF`), newest first."""
    return OutgoingEmail.objects.filter(about=about).order_by("-created_at", "-id")


def notifications_of(recipient_key: str) -> QuerySet[Notification]:
    """Returns the notifications of a person, newest first."""
    return Notification.objects.filter(recipient_key=recipient_key).order_by("-id")


def latest_notification() -> int:
    """Returns the primary key of the newest notification; 0 without any."""
    return Notification.objects.aggregate(last=Max("pk"))["last"] or 0


def recipients_after(last: int, missing: Collection[int], most: int) -> list[tuple[int, str]]:
    """Returns (primary key, person's key) of the notifications after `last`, and of those of `missing` that now exist.

    At most `most` come after `last`.
    """
    return rows_after(Notification.objects.values_list("pk", "recipient_key"), last, missing, most)


class _RowCount(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def unseen_of(key: str) -> Subquery:
    """Returns a subquery that counts a person's unseen notifications, in a query on people; `key` is their column.

    It counts no further than the bell shows: every page runs it, and people who never open the bell have thousands.
    """
    rows = Notification.objects.filter(recipient_key=OuterRef(key), seen_at__isnull=True)
    return _RowCount(rows.order_by().values("pk")[:UNSEEN_TOLD])
