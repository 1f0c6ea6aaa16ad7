"""Who looks at the outbox, every second, beside the background tasks of the worker (ADR 0016)."""

from threading import Event, Thread

import structlog
from django.db import close_old_connections

from calypso.outbox.delivery import deliver

EVERY = 1.0  # seconds between two looks
LONGEST = 60.0  # seconds, when the database does not answer

_log = structlog.stdlib.get_logger(__name__)


class Postman(Thread):
    """Delivers what is due until `end`. A look that fails is tried again, later each time."""

    def __init__(self) -> None:
        super().__init__(name="postman", daemon=True)
        self._ended = Event()

    def run(self) -> None:
        wait = EVERY
        while not self._ended.wait(wait):
            try:
                close_old_connections()
                deliver(until=self._ended.is_set)
                wait = EVERY
            except Exception:
                _log.exception("mail.look_failed")
                wait = min(2 * wait, LONGEST)

    def end(self) -> None:
        """Takes no other message, and waits for the one that is being handed over."""
        self._ended.set()
        self.join()
