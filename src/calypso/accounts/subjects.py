"""The registry of the subjects of mails and notifications, written `ticket:REF`, and who sees them (R1, R8)."""

from collections import defaultdict
from collections.abc import Callable, Collection

from django.db.models import QuerySet

from calypso.accounts.models import User

type Rows = Callable[[User], QuerySet]  # type: ignore[type-arg]

_SUBJECTS: dict[str, tuple[str, Rows]] = {}


def declare(thing: str, column: str, rows: Rows) -> None:
    """Registers the rows that `thing:NAME` refers to: the column of NAME, and the rows that a person sees.

    Called by each room, when the applications are ready.
    """
    _SUBJECTS[thing] = (column, rows)


def visible_among(viewer: User, abouts: Collection[str]) -> set[str]:
    """Returns those of `abouts` whose subject `viewer` sees; none once they are inactive.

    At most one query for each kind of subject. A person always sees their own account.
    """
    if not viewer.active:
        return set()
    names_by_thing: dict[str, set[str]] = defaultdict(set)
    for about in abouts:
        thing, _colon, name = about.partition(":")
        names_by_thing[thing].add(name)
    visible = {f"account:{viewer.key}"}
    for thing in names_by_thing.keys() & _SUBJECTS.keys():
        column, rows = _SUBJECTS[thing]
        names = rows(viewer).filter(**{f"{column}__in": names_by_thing[thing]}).values_list(column, flat=True)
        visible |= {f"{thing}:{name}" for name in names}
    return visible.intersection(abouts)
