"""What mails and notifications speak of, written `ticket:REF`: which of it a person sees now (R1, R8)."""

from collections import defaultdict
from collections.abc import Callable, Collection

from django.db.models import QuerySet

from calypso.accounts.models import User

type Rows = Callable[[User], QuerySet]  # type: ignore[type-arg]

_SUBJECTS: dict[str, tuple[str, Rows]] = {}


def declare(thing: str, column: str, rows: Rows) -> None:
    """Says which rows `thing:NAME` speaks of: the column that names one, and those that a person sees.

    Called by each room, when the applications are ready.
    """
    _SUBJECTS[thing] = (column, rows)


def visible_among(viewer: User, abouts: Collection[str]) -> set[str]:
    """Those of `abouts` that name something the person sees; nothing for who is no longer active.

    At most one query for each kind of thing. One's own account is always seen.
    """
    if not viewer.active:
        return set()
    named: dict[str, set[str]] = defaultdict(set)
    for about in abouts:
        thing, _colon, name = about.partition(":")
        named[thing].add(name)
    seen = {f"account:{viewer.key}"}
    for thing in named.keys() & _SUBJECTS.keys():
        column, rows = _SUBJECTS[thing]
        found = rows(viewer).filter(**{f"{column}__in": named[thing]}).values_list(column, flat=True)
        seen |= {f"{thing}:{name}" for name in found}
    return seen.intersection(abouts)
