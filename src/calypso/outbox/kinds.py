"""The registry of mail kinds. A room that sends mail registers its kinds when it starts; delivery asks them twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Envelope:
    """What delivery knows of a message: to whom (`recipient_key`, `recipient` the address) and about what."""

    recipient_key: str
    recipient: str
    about: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Who chooses how to be told of a kind; `must` says that its mail may be put off to the morning, never left out."""

    client: bool = False
    staff: bool = False
    must: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of mail; with a choice, it rings the bell of its recipient too.

    `still_owed` says, at the moment of sending, whether the recipient still has the right to it (R8, R77).
    `secrets` gives what only the sent message may hold: placeholder → value, minted at that moment (R26, R79).
    """

    key: str
    label: str
    still_owed: Callable[[Envelope], bool]
    secrets: Callable[[Envelope], Mapping[str, str]] | None = None
    choice: Choice | None = None


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Declares kinds of mail. Called once a room, when the applications are ready."""
    _KINDS.update({kind.key: kind for kind in kinds})


def get(key: str) -> Kind:
    """The kind `key`. KeyError when no room declared it: a mail without a kind cannot be posted."""
    return _KINDS[key]


def all_kinds() -> list[Kind]:
    """Every declared kind, by key."""
    return [_KINDS[key] for key in sorted(_KINDS)]
