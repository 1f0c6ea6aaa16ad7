"""The registry of mail kinds.

A package that sends mail registers its kinds at start-up; delivery calls their `still_owed`, then their `secrets`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Envelope:
    """What delivery knows of a message: the recipient (`recipient` is the address), and the subject it is about."""

    recipient_key: str
    recipient: str
    about: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Who may set preferences for a kind; with `must`, its mail may be delayed to the morning, but not turned off.

    `rings`: whether the bell shows it to who chose nothing.
    """

    client: bool = False
    staff: bool = False
    must: bool = False
    rings: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message: a mail and, with a choice, a notification in the bell; or, unless `mailed`, the bell alone.

    `still_owed` returns, at the time of sending, whether the recipient still has the right to it (R8, R77).
    `secrets` returns what only the sent message may contain: placeholder → value, generated at that time (R26, R79).
    `links` returns the personal links of its recipient in the same way; only what holds a secret, for which somebody
    waits, leaves beyond the hourly cap.
    """

    key: str
    label: str
    still_owed: Callable[[Envelope], bool]
    secrets: Callable[[Envelope], Mapping[str, str]] | None = None
    choice: Choice | None = None
    mailed: bool = True
    links: Callable[[Envelope], Mapping[str, str]] | None = None


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Registers kinds of mail. Called once per package, when the applications are ready."""
    _KINDS.update({kind.key: kind for kind in kinds})


def get(key: str) -> Kind:
    """Returns the kind `key`. Raises KeyError for an unregistered one: a mail without a kind cannot be queued."""
    return _KINDS[key]


def all_kinds() -> list[Kind]:
    """Returns every registered kind, by key."""
    return [_KINDS[key] for key in sorted(_KINDS)]
