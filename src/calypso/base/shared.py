"""Answers that many pages share: worked out once a process, and again when something happened (ADR 0013)."""

import time
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

# Seconds after which all is worked out again anyway: what is owed becomes late by itself, and of two acts at once the
# one that was written first may be seen last.
LIFE = 5.0
MOST = 256  # answers that one of these keeps
_all: list["Shared[Any] | Lately"] = []


class _Kept[T](NamedTuple):
    marks: object
    until: float
    answer: T


class Shared[T]:
    """Answers by what they depend on: `key`, of which there are few, and `marks`, which differ once something happened.

    They go to all readers and threads: nobody may change them.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, _Kept[T]] = {}
        _all.append(self)

    def get(self, key: Hashable, marks: object, make: Callable[[], T]) -> T:
        """The answer for `key`, made anew by `make` when the marks changed or it is old."""
        kept = self._kept.get(key)
        if kept is None or kept.marks != marks or kept.until < time.monotonic():
            if len(self._kept) >= MOST:
                self._kept = {}
            kept = self._kept[key] = _Kept(marks, time.monotonic() + LIFE, make())
        return kept.answer

    def forget(self) -> None:
        """Forgets all answers."""
        self._kept = {}


class Lately:
    """What a process saw written for good, so that it need not ask again: `most` words, for `life` seconds."""

    def __init__(self, life: float, most: int) -> None:
        self._life, self._most = life, most
        self.forget()
        _all.append(self)

    def unseen(self, words: set[str]) -> set[str]:
        """Those of the words that were not seen lately."""
        if self._until < time.monotonic():
            self.forget()
        return words - self._words

    def see(self, words: set[str]) -> None:
        """Remembers that these words are written."""
        if len(self._words) + len(words) > self._most:
            self.forget()
        self._words |= words

    def forget(self) -> None:
        """Forgets all of them."""
        self._words: set[str] = set()
        self._until = time.monotonic() + self._life


def forget_all() -> None:
    """Forgets everything that is shared: for tests, whose rows are taken back."""
    for kept in _all:
        kept.forget()
