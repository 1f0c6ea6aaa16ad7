"""Answers that many pages share, kept in the memory of a process by Django's cache (ADR 0013)."""

from collections.abc import Callable
from hashlib import sha256
from typing import cast

from django.core.cache import cache

# Seconds after which an answer is worked out again anyway: what is due becomes late by itself, and of two acts at once
# the one that was written first may be seen last.
LIFETIME = 5


def cached[T](name: str, depends_on: tuple[object, ...], compute: Callable[[], T]) -> T:
    """Returns what `compute` returns, kept under `name` while `depends_on` stays the same, five seconds at most.

    `depends_on` holds plain values, those of requests too: it becomes a digest. The answer is pickled: readers share no
    object.
    """
    return cast("T", cache.get_or_set(_key(name, depends_on), compute, LIFETIME))


def forget(name: str, depends_on: tuple[object, ...]) -> None:
    """Has an answer worked out again when it is asked next, by this process."""
    cache.delete(_key(name, depends_on))


def _key(name: str, depends_on: tuple[object, ...]) -> str:
    return f"{name}:{sha256(repr(depends_on).encode()).hexdigest()}"
