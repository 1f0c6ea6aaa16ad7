"""Maintenance of the outbox: retry or give up messages, mark notifications as seen, transfer, erase and purge."""

from django.db.models import F

from calypso.base import clock
from calypso.base.erasing import Eraser, clean_rows
from calypso.outbox.models import CALLED_OFF, DeadAddress, Notification, OutgoingEmail, State


def retry(key: str) -> bool:
    """Puts a failed message back in the queue, and writes to its address again; returns False for no failed one."""
    rows = OutgoingEmail.objects.filter(key=key, state__in=[State.FAILED, State.BOUNCED])
    DeadAddress.objects.filter(address__in=rows.values("recipient")).delete()
    return bool(rows.update(state=State.WAITING, next_try=clock.now(), attempts=0))


def send_waiting() -> int:
    """Makes the messages that wait for a retry due now, except those held on purpose; returns how many.

    A message that nobody tried to send yet waits for its time.
    """
    now = clock.now()
    rows = OutgoingEmail.objects.filter(state=State.WAITING, held=False, claimed_at__isnull=True, next_try__gt=now)
    rows = rows.filter(attempts__gt=0)
    return rows.update(next_try=now)


def call_off(event: str, about: str) -> None:
    """Drops the messages of `event` about one object that have not left, and deletes its notifications.

    `event` is what `MailRequest.event` was. For an act that its author takes back (decision 33).
    """
    emails = OutgoingEmail.objects.filter(about=about, dedupe_key__startswith=f"{event}:")
    emails.filter(state=State.WAITING, claimed_at__isnull=True).update(state=State.DROPPED, error=CALLED_OFF)
    Notification.objects.filter(about=about, dedupe_key__startswith=f"{event}:").delete()


def forget(recipient_key: str, eraser: Eraser) -> None:
    """Deletes every message to a person, and removes their name from those to others, which are still sent (R130)."""
    own = OutgoingEmail.objects.filter(recipient_key=recipient_key)
    DeadAddress.objects.filter(address__in=own.values("recipient")).delete()
    own.delete()
    Notification.objects.filter(recipient_key=recipient_key).delete()
    clean_rows(Notification.objects.all(), ("title",), eraser)
    clean_rows(OutgoingEmail.objects.all(), ("title", "subject", "text", "html"), eraser)


def hand_over(from_key: str, to_key: str) -> None:
    """Transfers the messages and notifications of an account to another account of the same person.

    Messages still waiting are no longer owed: delivery checks that the address still belongs to an account.
    """
    OutgoingEmail.objects.filter(recipient_key=from_key).update(recipient_key=to_key)
    Notification.objects.filter(recipient_key=from_key).update(recipient_key=to_key)


def remove_ended(days: int) -> int:
    """Deletes the messages written more than `days` days ago that are not waiting; returns how many (R130)."""
    rows = OutgoingEmail.objects.filter(created_at__lt=clock.ago(days=days)).exclude(state=State.WAITING)
    return rows.delete()[0]


def remove_notifications(days: int) -> int:
    """Deletes the notifications created more than `days` days ago; returns how many (R130)."""
    return Notification.objects.filter(created_at__lt=clock.ago(days=days)).delete()[0]


def see_all(recipient_key: str) -> None:
    """Marks every notification of a person as seen."""
    Notification.objects.filter(recipient_key=recipient_key, seen_at__isnull=True).update(seen_at=clock.now())


def count_as_sent() -> int:
    """Marks every waiting message as sent when it was written; returns how many. For histories that are made up."""
    return OutgoingEmail.objects.filter(state=State.WAITING).update(state=State.SENT, sent_at=F("created_at"))
