"""What mails and notifications speak of, written `ticket:REF`: which of it a person sees now (R1, R8)."""

from collections import defaultdict
from collections.abc import Callable, Collection

from django.db.models import QuerySet

from calypso.accounts.access import organizations_for
from calypso.accounts.models import User
from calypso.projects.access import projects_for
from calypso.tickets.access import batches_for, phase_changes_for, tickets_for

# The kind of thing → the column that names it, and the rows that a person sees.
_VISIBLE: dict[str, tuple[str, Callable[[User], QuerySet]]] = {  # type: ignore[type-arg]
    "ticket": ("reference", tickets_for),
    "batch": ("key", batches_for),
    "phase": ("key", phase_changes_for),
    "project": ("key", projects_for),
    "organization": ("key", organizations_for),
}


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
    for thing in named.keys() & _VISIBLE.keys():
        column, rows = _VISIBLE[thing]
        found = rows(viewer).filter(**{f"{column}__in": named[thing]}).values_list(column, flat=True)
        seen |= {f"{thing}:{name}" for name in found}
    return seen.intersection(abouts)
