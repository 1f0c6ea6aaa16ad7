"""The dispatcher: threads of the worker that poll the outbox every second, beside its background tasks (ADR 0016)."""

from collections.abc import Callable
from threading import Event, Thread

import structlog
from django.db import close_old_connections, connections

from calypso.outbox.delivery import deliver

POLL_SECONDS = 1.0  # seconds between two polls
LONGEST = 60.0  # most seconds between two polls, when the database does not answer
SENDERS = 6  # messages sent at once: the first thread polls, the others help while there is something to send

_log = structlog.stdlib.get_logger(__name__)


class Dispatcher:
    """Delivers due messages until `end`, several at once. A poll that fails is retried, later each time."""

    def __init__(self) -> None:
        self._ended, self._work = Event(), Event()
        loops = [self._poll_loop, *[self._help_loop] * (SENDERS - 1)]
        self._threads = [
            Thread(target=self._until_ended, args=(loop,), name="dispatcher", daemon=True) for loop in loops
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def _until_ended(self, loop: Callable[[], None]) -> None:
        try:
            loop()
        finally:
            connections.close_all()  # a thread that ends does not close its own connection

    def _poll_loop(self) -> None:
        wait = POLL_SECONDS
        while not self._ended.wait(wait):
            wait = POLL_SECONDS if self._deliver() else min(2 * wait, LONGEST)
            self._work.clear()

    def _help_loop(self) -> None:
        while not self._ended.is_set():
            if self._work.wait(POLL_SECONDS):
                self._deliver()
                self._ended.wait(POLL_SECONDS / 10)  # what is left is due later, or goes to a busy domain

    def _deliver(self) -> bool:
        """Sends what is due; returns False when the poll failed."""
        try:
            close_old_connections()
            deliver(until=self._ended.is_set, on_claim=self._work.set)
        except Exception:
            _log.exception("mail.look_failed")
            return False
        finally:
            close_old_connections()
        return True

    def end(self) -> None:
        """Stops claiming messages, and waits for those that are being sent."""
        self._ended.set()
        self._work.set()
        _log.info("mail.ending")  # from here on, no message is taken any more
        for thread in self._threads:
            thread.join()
