"""Threads of the worker that look for work beside its background tasks, and end with it (ADR 0016)."""

from collections.abc import Callable
from threading import Event, Thread

import structlog
from django.db import close_old_connections, connections

POLL_SECONDS = 1.0  # seconds between two looks
LONGEST = 60.0  # most seconds between two looks, when they fail

_log = structlog.stdlib.get_logger(__name__)


class Polling:
    """Looks for work until `end`. A look that fails is tried again, later each time."""

    def __init__(self, name: str) -> None:
        self.ended = Event()
        self._name = name
        self._threads: list[Thread] = []

    def add(self, loop: Callable[[], None]) -> None:
        """Adds a thread that runs `loop`, which returns soon after `ended`."""
        self._threads.append(Thread(target=self._until_ended, args=(loop,), name=self._name, daemon=True))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Ends the looks, and waits for the work in hand."""
        self.ended.set()
        for thread in self._threads:
            thread.join()

    def poll(self, look: Callable[[], object]) -> None:
        """Calls `look` every second until the end."""
        wait = POLL_SECONDS
        while not self.ended.wait(wait):
            wait = POLL_SECONDS if self.attempt(look) else min(2 * wait, LONGEST)

    def attempt(self, look: Callable[[], object]) -> bool:
        """Calls `look` with a database that answers, if any does; returns False when it failed."""
        try:
            close_old_connections()
            look()
        except Exception:
            _log.exception("polling.failed", polling=self._name)
            return False
        finally:
            close_old_connections()
        return True

    def _until_ended(self, loop: Callable[[], None]) -> None:
        try:
            loop()
        finally:
            connections.close_all()  # a thread that ends does not close its own connection
