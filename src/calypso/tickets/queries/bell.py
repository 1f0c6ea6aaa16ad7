"""What the bell of a person says: their notifications about what they still see."""

from collections import defaultdict
from collections.abc import Callable

from django.db.models import QuerySet

from calypso.accounts.models import User
from calypso.outbox.models import Notification
from calypso.outbox.queries import notifications_of
from calypso.projects.access import projects_for
from calypso.tickets.access import batches_for, phase_changes_for, tickets_for

LATEST = 50

# What a notification is about, `ticket:REF` → the column that names it, and the rows that a person sees.
_ABOUTS: dict[str, tuple[str, Callable[[User], QuerySet]]] = {  # type: ignore[type-arg]
    "ticket": ("reference", tickets_for),
    "batch": ("key", batches_for),
    "phase": ("key", phase_changes_for),
    "project": ("key", projects_for),
}


def bell(viewer: User) -> list[Notification]:
    """The fifty latest notifications, newest first, without those about what the person no longer sees (R8).

    At most one query for each kind of thing that they speak of.
    """
    latest = list(notifications_of(viewer.key)[:LATEST])
    named: dict[str, set[str]] = defaultdict(set)
    for notification in latest:
        thing, _colon, name = notification.about.partition(":")
        named[thing].add(name)
    seen = set()
    for thing, names in named.items():
        column, rows = _ABOUTS[thing]
        found = rows(viewer).filter(**{f"{column}__in": names}).values_list(column, flat=True)
        seen |= {f"{thing}:{name}" for name in found}
    return [notification for notification in latest if notification.about in seen]
