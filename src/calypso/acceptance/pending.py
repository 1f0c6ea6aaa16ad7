"""What a project asks of its reader before anything else: batches to review, a change of phase to agree to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, DateTimeField, F, Q, QuerySet, Value

from calypso.acceptance.access import batches_within
from calypso.acceptance.queries import LATEST
from calypso.accounts.models import User
from calypso.base.prepared import Prepared
from calypso.phases.access import phase_changes_within, side_to_agree
from calypso.phases.models import PhaseChange
from calypso.projects.access import SeenProject
from calypso.tickets.access import given


class ToReview(NamedTuple):
    """A published batch that waits for decisions, and on how many tickets."""

    key: str
    name: str
    left: int


@dataclass(frozen=True, slots=True)
class PendingRequests:
    """The batches to review, oldest first; whether a change of phase waits for this person's agreement."""

    batches: Sequence[ToReview] = ()
    phase: bool = False


def pending_requests(viewer: User, project: SeenProject) -> PendingRequests:
    """What waits for the person on a project that they see. One query."""
    batches: list[ToReview] = []
    phase = False
    for key, name, left, at, client_agreed_at, vendor_agreed_at in _WAITING(viewer, given(viewer, project), project.pk):
        if at is not None:
            batches.append(ToReview(key, name, left))
            continue
        change = PhaseChange(project=project, client_agreed_at=client_agreed_at, vendor_agreed_at=vendor_agreed_at)
        phase = bool(side_to_agree(viewer, change))
    return PendingRequests(batches[:LATEST], phase)


_COLUMNS = ("key", "called", "left", "since", "client_agreed", "vendor_agreed")


def _waiting(viewer: User, known: bool, project_id: int) -> QuerySet[Any]:
    """Batches and the change as rows of the same columns; a change has no instant of publication."""
    never = Value(None, DateTimeField())
    batches = batches_within(viewer, known, project_id).filter(published_at__isnull=False, finished_at__isnull=True)
    named: QuerySet[Any] = batches.annotate(
        called=F("name"),
        left=Count("item", filter=Q(item__decision="")),
        since=F("published_at"),
        client_agreed=never,
        vendor_agreed=never,
    )
    changes = phase_changes_within(viewer, known, project_id).filter(state=PhaseChange.State.ASKED)
    asked: QuerySet[Any] = changes.annotate(
        called=Value(""),
        left=Value(0),
        since=never,
        client_agreed=F("client_agreed_at"),
        vendor_agreed=F("vendor_agreed_at"),
    )
    one, other = (rows.order_by().values_list(*_COLUMNS) for rows in (named, asked))
    return one.union(other, all=True).order_by("since")


_WAITING = Prepared(_waiting)
