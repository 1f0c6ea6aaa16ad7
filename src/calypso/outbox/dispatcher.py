"""Who looks at the outbox, every second, beside the background tasks of the worker (ADR 0016)."""

from collections.abc import Callable
from threading import Event, Thread

import structlog
from django.db import close_old_connections, connections

from calypso.outbox.delivery import deliver

POLL_SECONDS = 1.0  # seconds between two looks
LONGEST = 60.0  # seconds, when the database does not answer
SENDERS = 6  # messages on their way at once: the first looks, the others help while there is something to send

_log = structlog.stdlib.get_logger(__name__)


class Dispatcher:
    """Delivers what is due until `end`, several messages at once. A look that fails is tried again, later each time."""

    def __init__(self) -> None:
        self._ended, self._work = Event(), Event()
        hands = [self._look, *[self._help] * (SENDERS - 1)]
        self._threads = [Thread(target=self._until_ended, args=(hand,), name="postman", daemon=True) for hand in hands]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def _until_ended(self, hand: Callable[[], None]) -> None:
        try:
            hand()
        finally:
            connections.close_all()  # a thread that ends leaves the one of its own open

    def _look(self) -> None:
        wait = POLL_SECONDS
        while not self._ended.wait(wait):
            wait = POLL_SECONDS if self._deliver() else min(2 * wait, LONGEST)
            self._work.clear()

    def _help(self) -> None:
        while not self._ended.is_set():
            if self._work.wait(POLL_SECONDS):
                self._deliver()
                self._ended.wait(POLL_SECONDS / 10)  # what is left is due later, or to a domain that is busy

    def _deliver(self) -> bool:
        """Sends what is due; False when the look failed."""
        try:
            close_old_connections()
            deliver(until=self._ended.is_set, found=self._work.set)
        except Exception:
            _log.exception("mail.look_failed")
            return False
        finally:
            close_old_connections()
        return True

    def end(self) -> None:
        """Takes no other message, and waits for those that are being handed over."""
        self._ended.set()
        self._work.set()
        for thread in self._threads:
            thread.join()
