"""The dispatcher: threads of the worker that poll the outbox every second, beside its background tasks (ADR 0016)."""

from threading import Event

import structlog

from calypso.base.polling import POLL_SECONDS, Polling
from calypso.outbox.delivery import deliver

SENDERS = 6  # messages sent at once: the first thread polls, the others help while there is something to send

_log = structlog.stdlib.get_logger(__name__)


class Dispatcher:
    """Delivers due messages until `end`, several at once."""

    def __init__(self) -> None:
        self._work = Event()
        self._polling = Polling("dispatcher")
        self._polling.add(lambda: self._polling.poll(self._look))
        for _helper in range(SENDERS - 1):
            self._polling.add(self._help)

    def start(self) -> None:
        self._polling.start()

    def _look(self) -> None:
        self._deliver()
        self._work.clear()

    def _help(self) -> None:
        ended = self._polling.ended
        while not ended.is_set():
            if self._work.wait(POLL_SECONDS):
                self._polling.attempt(self._deliver)
                ended.wait(POLL_SECONDS / 10)  # what is left is due later, or goes to a busy domain

    def _deliver(self) -> None:
        deliver(until=self._polling.ended.is_set, on_claim=self._work.set)

    def end(self) -> None:
        """Stops claiming messages, and waits for those that are being sent."""
        self._polling.ended.set()
        self._work.set()
        _log.info("mail.ending")  # from here on, no message is taken any more
        self._polling.end()
