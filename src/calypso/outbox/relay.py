"""What this process knows of the mail server: whether it accepts messages, and which domains are being sent to.

A failure of the server does not count as an attempt of any message. While it lasts, one message at a time tests whether
it is over, and the first one accepted makes all those that wait due. A slow domain does not delay the others.
"""

from collections import Counter
from datetime import timedelta
from threading import Lock

from calypso.base import clock

AT_ONCE_A_DOMAIN = 2  # most messages being sent to one domain
SUSPECT = 3  # recipients temporarily refused in a row, with no message accepted: the server is at fault
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(seconds=30)


def domain_of(address: str) -> str:
    """Returns the domain of an address."""
    return address.rpartition("@")[2].casefold()


class Relay:
    """The state of the mail server, shared by the sender threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._busy: Counter[str] = Counter()
        self._refused: set[str] = set()
        self._is_down = False
        self._wait, self._next = FIRST_WAIT, clock.now()

    def saturated(self) -> set[str] | None:
        """Returns the domains that have no free slot; None when nothing may be tried now."""
        with self._lock:
            if self._is_down and (self._busy.total() or clock.now() < self._next):
                return None
            return {domain for domain, number in self._busy.items() if number >= AT_ONCE_A_DOMAIN}

    def begin(self, domain: str) -> bool:
        """Takes a slot for a message to a domain; returns False when another thread took the last one meanwhile."""
        with self._lock:
            if self._busy[domain] >= AT_ONCE_A_DOMAIN or (self._is_down and self._busy.total()):
                return False
            self._busy[domain] += 1
            return True

    def end(self, domain: str) -> None:
        """Releases the slot."""
        with self._lock:
            self._busy[domain] -= 1
            self._busy = +self._busy  # keeps only the counts above zero

    def took(self) -> bool:
        """Records that the server accepted a message; returns whether it had been down."""
        with self._lock:
            was_down, self._is_down = self._is_down, False
            self._refused.clear()
            self._wait = FIRST_WAIT
            return was_down

    def refused(self, recipient: str) -> None:
        """Records a temporary refusal of a recipient; after `SUSPECT` in a row, the server is considered down."""
        with self._lock:
            self._refused.add(recipient)
            if self._is_down or len(self._refused) >= SUSPECT:
                self._mark_down()

    def failed(self) -> None:
        """Records that the server does not answer, or accepts nothing from us."""
        with self._lock:
            self._mark_down()

    def _mark_down(self) -> None:
        self._is_down = True
        self._next = clock.now() + self._wait
        self._wait = min(2 * self._wait, LONGEST_WAIT)
