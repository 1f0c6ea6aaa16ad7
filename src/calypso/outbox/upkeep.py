"""What people do to the outbox: send a failed message again, or give up the waiting ones."""

from calypso.base import clock
from calypso.outbox.models import OutgoingEmail, State


def retry(key: str) -> bool:
    """Puts a failed message back in the queue; False when it is not a failed one."""
    failed = OutgoingEmail.objects.filter(key=key, state=State.FAILED)
    return bool(failed.update(state=State.WAITING, next_try=clock.now(), attempts=0))


def give_up_waiting(reason: str) -> int:
    """Marks every waiting message as given up, saying why; returns how many. They stay readable."""
    return OutgoingEmail.objects.filter(state=State.WAITING).update(state=State.DROPPED, error=reason)
