"""What each room holds of a person: given to them, forgotten, ended, handed over (R130). A room declares it once."""

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
    """A person being erased: their row, locked; the names by which texts speak of them; what takes these out."""

    person: User
    names: Collection[str]
    eraser: Eraser


def _nothing(*_given: Any) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Holding:
    """What a room holds of people. Every part may be left out.

    - `texts`: by model, the columns of words in which a person may be named.
    - `export(person)`: what the person is given of it, as plain values by name.
    - `refuse_erasure(person)`: raises Conflict while somebody must first take their place.
    - `erase(erasure)`: forgets the person, after the texts; in the transaction of the erasure.
    - `leave(by, person, organization)`: ends what a contact was in a company that they leave; in its transaction.
    - `ends`: the models whose rows end with an account that is merged into another. Other rows are handed over.
    - `once`: by model, the column of what a person has once: the kept account's own row wins.
    - `merged(kept)`: puts in order what the kept account now has twice.
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
    """Says what a room holds of people. Called once a room, when the applications are ready, the lowest room first."""
    _HOLDINGS[room] = holding


def holdings() -> Iterator[Holding]:
    """What every room declared, the lowest room first."""
    yield from _HOLDINGS.values()


def personal_data(viewer: User, person: User) -> dict[str, Any]:
    """Everything about `person` as plain values by name (R130, decision 31).

    Of what the person no longer sees, their own words only: neither the state of a ticket, nor what others wrote in the
    mails about it. For the person, and for who looks after their account; raises NotVisible or Forbidden for others.
    """
    if viewer.pk != person.pk:
        require_manage_account(viewer, person)
    given: dict[str, Any] = {}
    for holding in holdings():
        if holding.export is not None:
            given |= holding.export(person)
    return given
