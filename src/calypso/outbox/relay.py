"""What this process knows of the mail server: whether it takes messages, and which domains are being written to.

A fault of the server is the server's: no message is charged with it. While it lasts one message at a time asks whether
it is over, and the first that leaves frees all that waited. A domain that is slow keeps no other waiting.
"""

from collections import Counter
from datetime import timedelta
from threading import Lock

from calypso.base import clock

AT_ONCE_A_DOMAIN = 2  # messages on their way to one domain
SUSPECT = 3  # recipients refused for now, one after the other with none taken: the fault is the server's
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(seconds=30)


def domain_of(address: str) -> str:
    """The domain of an address."""
    return address.rpartition("@")[2].casefold()


class Relay:
    """The mail server, as those who send at once share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._busy: Counter[str] = Counter()
        self._refused: set[str] = set()
        self._is_down = False
        self._wait, self._next = FIRST_WAIT, clock.now()

    def saturated(self) -> set[str] | None:
        """The domains to which enough is on its way; None when nothing may be tried now."""
        with self._lock:
            if self._is_down and (self._busy.total() or clock.now() < self._next):
                return None
            return {domain for domain, number in self._busy.items() if number >= AT_ONCE_A_DOMAIN}

    def begin(self, domain: str) -> bool:
        """Takes a place for a message to a domain; False when another took the last one meanwhile."""
        with self._lock:
            if self._busy[domain] >= AT_ONCE_A_DOMAIN or (self._is_down and self._busy.total()):
                return False
            self._busy[domain] += 1
            return True

    def end(self, domain: str) -> None:
        """Gives the place back."""
        with self._lock:
            self._busy[domain] -= 1
            self._busy = +self._busy  # only those above zero are kept

    def took(self) -> bool:
        """Notes that the server took a message; tells whether it had been down."""
        with self._lock:
            was_down, self._is_down = self._is_down, False
            self._refused.clear()
            self._wait = FIRST_WAIT
            return was_down

    def refused(self, recipient: str) -> None:
        """Notes that the server refused a recipient for now: too many in a row, and it is the server."""
        with self._lock:
            self._refused.add(recipient)
            if self._is_down or len(self._refused) >= SUSPECT:
                self._fall()

    def failed(self) -> None:
        """Notes that the server does not answer, or takes nothing from us."""
        with self._lock:
            self._fall()

    def _fall(self) -> None:
        self._is_down = True
        self._next = clock.now() + self._wait
        self._wait = min(2 * self._wait, LONGEST_WAIT)
