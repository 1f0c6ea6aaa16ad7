"""The reader: threads of the worker that bring in what the mailbox holds, and read what was brought."""

import imaplib
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from imap_tools import ImapToolsError

from calypso.base.polling import LONGEST, Polling
from calypso.mailin.mailbox import OpenMailbox
from calypso.mailin.processing import process_waiting
from calypso.mailin.tokens import TokenSource
from calypso.outbox import pause

FIRST_WAIT = 2.0  # seconds before a lost mailbox is opened again, then ever more
_LOST = (OSError, imaplib.IMAP4.error, ImapToolsError, DatabaseError, ValueError, KeyError)

_log = structlog.stdlib.get_logger(__name__)


class Reader:
    """Fetches and reads messages until `end`."""

    def __init__(self) -> None:
        self._polling = Polling("reader")
        self._polling.add(lambda: self._polling.poll(self._read))
        if (server := settings.MAILBOX) is not None:
            self._polling.add(lambda: self._watch(server))

    def start(self) -> None:
        self._polling.start()

    def end(self) -> None:
        """Ends after the message in hand."""
        self._polling.end()

    def _read(self) -> None:
        process_waiting(until=self._polling.ended.is_set)

    def _watch(self, server: dict[str, Any]) -> None:
        """Keeps the mailbox open; opens it again when it is lost, ever more slowly, for as long as it takes (R145)."""
        tokens = TokenSource(settings.MAILBOX_TOKENS) if settings.MAILBOX_TOKENS else None
        wait, ended = 0.0, self._polling.ended
        while not ended.wait(wait):
            if pause.is_paused():
                wait = FIRST_WAIT
                continue
            mailbox = None
            try:
                mailbox = OpenMailbox(server, tokens)
                while not ended.is_set() and not pause.is_paused():
                    close_old_connections()
                    mailbox.fetch(until=ended.is_set)
                    mailbox.wait(ended)
                    wait = 0.0
            except _LOST as failure:
                wait = min(max(2 * wait, FIRST_WAIT), LONGEST)
                _log.warning("mailbox.lost", why=f"{type(failure).__name__}: {failure}"[:200])
            finally:
                if mailbox is not None:
                    mailbox.close()
                close_old_connections()
