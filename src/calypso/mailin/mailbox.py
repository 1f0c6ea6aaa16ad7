"""The mailbox over IMAP: what is new in it, one message at a time, each stored before the next is asked (R91, R92).

How far it was read stands in the database, by UID, which counts for one UIDVALIDITY: no flag decides, so that whoever
looks into the mailbox changes nothing. A message that comes twice is known by its content.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags

from calypso.base import clock
from calypso.mailin.bounds import LARGEST
from calypso.mailin.intake import receive
from calypso.mailin.models import MailboxPosition
from calypso.mailin.positions import name_of
from calypso.mailin.tokens import TokenSource

TIMEOUT = 60  # seconds for an answer of the server
IDLE = 20.0  # seconds between two looks, even into a mailbox that says what is new: what it says may be missed
HASTE = 0.5  # seconds: a wait of one second that ends before them, with nothing new, has lost its server
POLL = 20.0  # seconds between two looks into a mailbox whose server does not say it
AGAIN = timedelta(days=3)  # before the last look: what a mailbox that was made again is read from
_CONNECTIONS = {"imaps": MailBox, "imap+tls": MailBoxStartTls, "imap": MailBoxUnencrypted}
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class OpenMailbox:
    """A mailbox that is signed in to.

    Its methods raise OSError, or an error of imaplib or of imap_tools, when the server is lost or refuses.
    """

    def __init__(self, server: dict[str, Any], tokens: TokenSource | None) -> None:
        self._imap: BaseMailBox = _CONNECTIONS[server["scheme"]](server["host"], server["port"], timeout=TIMEOUT)
        try:
            if tokens is not None:
                self._imap.xoauth2(server["username"], tokens.token(), server["folder"])
            else:
                self._imap.login(server["username"], server["password"], server["folder"])
            validity = self._imap.folder.status(server["folder"], ["UIDVALIDITY"])["UIDVALIDITY"]
        except BaseException:
            self.close()
            raise
        self._validity = str(validity)
        self._name = name_of(server)

    def fetch(self, until: Callable[[], bool]) -> int:
        """Stores what is new, in the order of arrival, until `until` returns true; returns how many messages came."""
        self._imap.client.noop()  # has the server look at what arrived
        row = MailboxPosition.objects.filter(mailbox=self._name).first()
        if row is None or row.validity != self._validity:
            return self._fetch_first(row, until)
        count = 0
        for uid in self._search(f"UID {row.uid + 1}:*"):
            if uid > row.uid and not until():  # the server names its last message even when it is older
                count += self._fetch_one(uid)
                MailboxPosition.objects.filter(pk=row.pk, validity=self._validity, uid__lt=uid).update(uid=uid)
        MailboxPosition.objects.filter(pk=row.pk).update(read_at=clock.now())
        return count

    def _fetch_first(self, row: MailboxPosition | None, until: Callable[[], bool]) -> int:
        """Reads a mailbox seen for the first time, or made again under other numbers.

        What nobody opened, and what came lately; the position is written last, so that an interruption begins again.
        """
        last = max(self._search("ALL"), default=0)
        uids = set(self._search("UNSEEN"))
        if row is not None:
            uids |= set(self._search(f"SINCE {row.read_at - AGAIN:%d-%b-%Y}"))
        count = 0
        for uid in sorted(uid for uid in uids if uid <= last):
            if until():
                return count
            count += self._fetch_one(uid)
        facts = {"validity": self._validity, "uid": last, "read_at": clock.now()}
        MailboxPosition.objects.update_or_create(mailbox=self._name, defaults=facts)
        return count

    def _fetch_one(self, uid: int) -> int:
        """Stores a message, then marks it as seen; returns 0 for one that is gone."""
        raw, partial = self._raw(uid)
        if not raw:
            return 0
        receive(raw, partial=partial)  # committed: from here on, the server may lose it
        self._imap.flag(str(uid), MailMessageFlags.SEEN, True)
        return 1

    def _raw(self, uid: int) -> tuple[bytes, bool]:
        """Returns a message, the beginning of one that is too large, or nothing."""
        _status, sizes = self._imap.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
        size = _SIZE.search(b" ".join(_flat(sizes)))
        partial = size is not None and int(size[1]) > LARGEST
        what = f"(BODY.PEEK[]<0.{LARGEST}>)" if partial else "(BODY.PEEK[])"
        _status, answer = self._imap.client.uid("FETCH", str(uid), what)
        return next((piece[1] for piece in answer if isinstance(piece, tuple)), b""), partial

    def _search(self, criteria: str) -> list[int]:
        _status, found = self._imap.client.uid("SEARCH", criteria)
        return sorted(int(uid) for uid in (found[0] or b"").split())

    def wait(self, ended: Event) -> None:
        """Waits for a new message, until the next look at most, or until `ended`."""
        if "IDLE" not in self._imap.client.capabilities:
            ended.wait(POLL)
            return
        until = time.monotonic() + IDLE
        self._imap.idle.start()  # type: ignore[no-untyped-call]
        while not ended.is_set() and (now := time.monotonic()) < until:
            if self._imap.idle.poll(timeout=1):
                break
            if time.monotonic() - now < HASTE:
                raise ConnectionError("the server hung up")  # the library then says at once that nothing came
        self._imap.idle.stop()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Closes the connection, whatever state it is in."""
        self._imap.client.shutdown()


def _flat(answer: list[Any]) -> Iterator[bytes]:
    for piece in answer:
        yield from piece if isinstance(piece, tuple) else [piece or b""]
