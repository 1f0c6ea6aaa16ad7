"""The counts of the desk's queues, on each of its pages: computed when something changed, not for each viewer.

Viewers who see all tickets share the same counts, apart from their own: open tickets are counted once for all of them,
in groups, and again as soon as an entry is added to a timeline or a project changes. For a viewer who sees only some
tickets, those are counted each time.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Case, Count, QuerySet, Value, When

from calypso.accounts.access import may
from calypso.accounts.audit_log import latest_entry
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.chosen import chosen
from calypso.base.process_cache import cached
from calypso.projects.models import Project
from calypso.sla.due import is_pressing
from calypso.teamwork.queries.change_feed import latest_event
from calypso.tickets.access import tickets_for
from calypso.tickets.workflow import State

# State, assignee, phase, to publish, pressing, project manager, how many.
type Group = tuple[str, int | None, str, bool, bool, int, int]


@dataclass(frozen=True, slots=True)
class _Counts:
    """The counts shared by all viewers, and the number of tickets of each assignee and of each project manager."""

    shared: dict[str, int]
    by_assignee: Counter[int | None]
    by_manager: Counter[int]

    def for_(self, viewer: User) -> dict[str, int]:
        own = {"mine": self.by_assignee[viewer.pk], "my_projects": self.by_manager[viewer.pk]}
        return {**self.shared, **own, "unassigned": self.by_assignee[None]}


_VIEWS: dict[str, Callable[[Group], bool]] = {
    "all": lambda _group: True,
    "pressing": lambda group: group[4],
    "returned": lambda group: group[0] == State.RETURNED,
    "setup": lambda group: group[2] == Project.Phase.SETUP,
    "live": lambda group: group[2] == Project.Phase.LIVE,
    "waiting": lambda group: group[0] == State.WAITING,
    "processed": lambda group: group[0] == State.PROCESSED,
    "rd": lambda group: group[0] == State.RD,
    "follow_up": lambda group: group[0] == State.FOLLOW_UP,
    "to_publish": lambda group: group[3],
}


def queue_counts(viewer: User) -> dict[str, int]:
    """Returns the counts of the predefined views of the queue. For the team."""
    if not may(viewer, Capability.SEE_ALL):
        return _count(viewer).for_(viewer)
    depends_on = (latest_event(), latest_entry(), clock.today(), chosen("EVENT_NEAR_DAYS"))
    return cached("queue_counts", depends_on, lambda: _count(viewer)).for_(viewer)


def _count(viewer: User) -> _Counts:
    shared, by_assignee, by_manager = dict.fromkeys(_VIEWS, 0), Counter[int | None](), Counter[int]()
    for group in _groups(viewer):
        by_assignee[group[1]] += group[6]
        by_manager[group[5]] += group[6]
        for name, holds in _VIEWS.items():
            shared[name] += group[6] if holds(group) else 0
    return _Counts(shared, by_assignee, by_manager)


def _groups(viewer: User) -> QuerySet[Any]:
    tickets = tickets_for(viewer).exclude(state=State.CLOSED).order_by()
    ready = Case(When(prepared_at__isnull=False, then=Value(True)), default=Value(False))
    pressing = Case(When(is_pressing(), then=Value(True)), default=Value(False))
    annotated: QuerySet[Any] = tickets.annotate(ready=ready, pressing=pressing)
    columns = ("state", "assignee_id", "project__phase", "ready", "pressing", "project__vendor_manager_id")
    groups: QuerySet[Any] = annotated.values_list(*columns)
    return cast("QuerySet[Any]", groups.annotate(Count("id")))
