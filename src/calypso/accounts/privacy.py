"""The registry of the personal data of each room: export, erasure, leaving a company, merging accounts (R130)."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from calypso.accounts.access import require_manage_account
from calypso.accounts.models import Organization, User
from calypso.base.erasing import Eraser

type Columns = Mapping[type[Model], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Erasure:
    """The erasure of a person: their row, locked; their names, as texts write them; what replaces these names."""

    person: User
    names: Collection[str]
    eraser: Eraser


def _nothing(*_arguments: Any) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Holding:
    """The personal data of a room. Every part is optional.

    - `texts`: by model, the text columns in which a person may be named.
    - `export(person)`: returns the data that the person is given, as plain values by name.
    - `refuse_erasure(person)`: raises Conflict while somebody must first take their place.
    - `erase(erasure)`: erases the person, after the texts, in the transaction of the erasure.
    - `leave(by, person, organization)`: ends what a contact was in a company that they leave, in that transaction.
    - `ends`: the models whose rows are deleted with an account merged into another. Other rows are transferred.
    - `once`: by model, the column of what a person has once: the kept account's own row wins.
    - `merged(kept)`: corrects what the kept account has twice after a merge.
    """

    texts: Columns = field(default_factory=dict)
    export: Callable[[User], Mapping[str, Any]] | None = None
    refuse_erasure: Callable[[User], None] = _nothing
    erase: Callable[[Erasure], None] = _nothing
    leave: Callable[[User, User, Organization], None] = _nothing
    ends: tuple[type[Model], ...] = ()
    once: Mapping[type[Model], str] = field(default_factory=dict)
    merged: Callable[[User], None] = _nothing


_HOLDINGS: dict[str, Holding] = {}


def declare(room: str, holding: Holding) -> None:
    """Registers the data of a room. Called once per room, when the applications are ready, the lowest room first."""
    _HOLDINGS[room] = holding


def holdings() -> Iterator[Holding]:
    """Yields what every room registered, the lowest room first."""
    yield from _HOLDINGS.values()


def personal_data(viewer: User, person: User) -> dict[str, Any]:
    """Returns everything about `person` as plain values by name (R130, decision 31).

    Of what the person no longer sees, it has their own words only: neither the state of a ticket, nor what others wrote
    in the mails about it. For the person, and for those who manage their account; raises NotVisible or Forbidden for
    others.
    """
    if viewer.pk != person.pk:
        require_manage_account(viewer, person)
    data: dict[str, Any] = {}
    for holding in holdings():
        if holding.export is not None:
            data |= holding.export(person)
    return data
