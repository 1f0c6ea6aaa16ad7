"""Pending requests of a project, shown to the viewer first: batches to review, a phase change to agree to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, DateTimeField, F, Q, QuerySet, Value

from calypso.acceptance.access import batches_of
from calypso.acceptance.queries import LATEST
from calypso.internals.compiled_query import CompiledQuery
from calypso.phases.access import phase_changes_of, side_to_agree
from calypso.phases.models import PhaseChange
from calypso.projects.visible import VisibleProject


class ToReview(NamedTuple):
    """A published batch with undecided tickets; `left` is their number."""

    key: str
    name: str
    left: int


@dataclass(frozen=True, slots=True)
class PendingRequests:
    """The batches to review, oldest first, and whether a phase change waits for the viewer's agreement."""

    batches: Sequence[ToReview] = ()
    phase: bool = False


def pending_requests(visible: VisibleProject) -> PendingRequests:
    """Returns the pending requests of the viewer on a project. Uses one query."""
    batches: list[ToReview] = []
    phase = False
    for key, name, undecided, at, by_client, by_vendor in _PENDING_ROWS.fetch(visible):
        if at is not None:
            batches.append(ToReview(key, name, undecided))
            continue
        change = PhaseChange(project=visible.project, client_agreed_at=by_client, vendor_agreed_at=by_vendor)
        phase = bool(side_to_agree(visible.viewer, change))
    return PendingRequests(batches[:LATEST], phase)


_COLUMNS = ("key", "called", "left", "since", "client_agreed", "vendor_agreed")


def _pending_rows(visible: VisibleProject) -> QuerySet[Any]:
    """Returns the batches and the phase change as rows with the same columns; `since` is null for a phase change."""
    never = Value(None, DateTimeField())
    batches = batches_of(visible).filter(published_at__isnull=False, finished_at__isnull=True)
    batch_rows: QuerySet[Any] = batches.annotate(
        called=F("name"),
        left=Count("item", filter=Q(item__decision="")),
        since=F("published_at"),
        client_agreed=never,
        vendor_agreed=never,
    )
    changes = phase_changes_of(visible).filter(state=PhaseChange.State.PROPOSED)
    change_rows: QuerySet[Any] = changes.annotate(
        called=Value(""),
        left=Value(0),
        since=never,
        client_agreed=F("client_agreed_at"),
        vendor_agreed=F("vendor_agreed_at"),
    )
    batch_values, change_values = (rows.order_by().values_list(*_COLUMNS) for rows in (batch_rows, change_rows))
    return batch_values.union(change_values, all=True).order_by("since")


_PENDING_ROWS = CompiledQuery(_pending_rows)
