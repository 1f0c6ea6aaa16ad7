"""What people do to the outbox: send a failed message again, or give up the waiting ones."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.html import escape

from calypso.base import clock
from calypso.outbox.models import OutgoingEmail, State

ERASED = "[effacé]"


def retry(key: str) -> bool:
    """Puts a failed message back in the queue; False when it is not a failed one."""
    failed = OutgoingEmail.objects.filter(key=key, state=State.FAILED)
    return bool(failed.update(state=State.WAITING, next_try=clock.now(), attempts=0))


def forget(recipient_key: str, words: Sequence[str]) -> None:
    """Removes every message to a person, and empties those to others that hold one of `words` (R130)."""
    OutgoingEmail.objects.filter(recipient_key=recipient_key).delete()
    for word in words:
        holding = Q(subject__contains=word) | Q(text__contains=word) | Q(html__contains=word)
        OutgoingEmail.objects.filter(holding | Q(html__contains=escape(word))).update(
            subject=ERASED, text=ERASED, html=ERASED
        )


def remove_ended(days: int) -> int:
    """Removes messages written more than `days` days ago that wait for nothing; returns how many (R130)."""
    ended = OutgoingEmail.objects.filter(created_at__lt=clock.ago(days=days)).exclude(state=State.WAITING)
    return ended.delete()[0]


def give_up_waiting(reason: str) -> int:
    """Marks every waiting message as given up, saying why; returns how many. They stay readable."""
    return OutgoingEmail.objects.filter(state=State.WAITING).update(state=State.DROPPED, error=reason)
