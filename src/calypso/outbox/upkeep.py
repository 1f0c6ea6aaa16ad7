"""What people do to the outbox: send a failed message again, or give up the waiting ones."""

from calypso.base import clock
from calypso.base.erasing import Eraser, clean_rows
from calypso.outbox.models import OutgoingEmail, State


def retry(key: str) -> bool:
    """Puts a failed message back in the queue; False when it is not a failed one."""
    failed = OutgoingEmail.objects.filter(key=key, state=State.FAILED)
    return bool(failed.update(state=State.WAITING, next_try=clock.now(), attempts=0))


def forget(recipient_key: str, eraser: Eraser) -> None:
    """Removes every message to a person, and takes their name out of those to others, which still leave (R130)."""
    OutgoingEmail.objects.filter(recipient_key=recipient_key).delete()
    clean_rows(OutgoingEmail.objects.all(), ("subject", "text", "html"), eraser)


def remove_ended(days: int) -> int:
    """Removes messages written more than `days` days ago that wait for nothing; returns how many (R130)."""
    ended = OutgoingEmail.objects.filter(created_at__lt=clock.ago(days=days)).exclude(state=State.WAITING)
    return ended.delete()[0]


def give_up_waiting(reason: str) -> int:
    """Marks every waiting message as given up, saying why; returns how many. They stay readable."""
    return OutgoingEmail.objects.filter(state=State.WAITING).update(state=State.DROPPED, error=reason)
