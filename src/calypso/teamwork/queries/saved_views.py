"""The saved views of a team member, with the number of tickets that each one finds now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calypso.accounts.audit_log import latest_entry
from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import Invalid
from calypso.base.process_cache import cached
from calypso.internals.compiled_query import CompiledQuery
from calypso.teamwork.access import may_change, usable_by
from calypso.teamwork.models import SavedView
from calypso.teamwork.queries.change_feed import latest_event
from calypso.teamwork.queries.queue import QueueFilters, filtered
from calypso.tickets.access import tickets_for

COUNTED = 30  # views, of all that their colleagues share, whose tickets are counted
MOST = 999  # tickets counted of a view


@dataclass(frozen=True, slots=True)
class KnownView:
    """A saved view, whether the viewer may delete it, and how many tickets it finds.

    `count` is None for a view that no longer means anything, and `MOST` + 1 when it finds more.
    """

    view: SavedView
    may_change: bool
    count: int | None

    @property
    def number(self) -> str | None:
        """The count as it is shown: « 999+ » beyond what is counted."""
        return None if self.count is None else f"{MOST}+" if self.count > MOST else str(self.count)


def saved_views(viewer: User, filters_of: Callable[[str], QueueFilters]) -> list[KnownView]:
    """Returns the viewer's own saved views, then the shared ones; `filters_of` reads the filters of their query.

    Their tickets are counted when something changed, as those of the predefined views are.
    """
    views = _USABLE.fetch(viewer, SavedView)
    queries = tuple(view.query for view in views[:COUNTED])
    if not queries:
        return []
    depends_on = (viewer.pk, queries, latest_event(), latest_entry(), clock.today())
    counts = cached("saved_views", depends_on, lambda: _counts(viewer, [filters_of(query) for query in queries]))
    counts += [None] * (len(views) - len(queries))
    return [KnownView(view, may_change(viewer, view), count) for view, count in zip(views, counts, strict=True)]


_USABLE = CompiledQuery(usable_by)


def _counts(viewer: User, questions: Sequence[QueueFilters]) -> list[int | None]:
    return [_count(viewer, filters) for filters in questions]


def _count(viewer: User, filters: QueueFilters) -> int | None:
    try:
        return filtered(viewer, tickets_for(viewer), filters).order_by()[: MOST + 1].count()
    except Invalid:
        return None
