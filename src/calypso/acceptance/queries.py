"""Queries on batches: tickets that are ready, progress of a review, the acceptance record."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from calypso.acceptance import access
from calypso.acceptance.decision_labels import DECISIONS, TONES
from calypso.acceptance.models import Batch, BatchItem
from calypso.accounts.models import User
from calypso.base.errors import Forbidden, NotVisible
from calypso.base.text import is_key
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.access import SeenProject, projects_for
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.queries.rows import prepared_words
from calypso.tickets.workflow import StepName

LATEST = 50  # most batches that a list shows


def get_batch(viewer: User, key: str) -> Batch:
    """Returns a batch with its project's people, if it is visible to `viewer`. Raises NotVisible."""
    people = ("project__organization", "project__client_manager", "project__vendor_manager", "author", "published_by")
    batch = access.batches_for(viewer).select_related(*people).filter(key=key).first() if is_key(key) else None
    if batch is None:
        raise NotVisible
    return batch


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket of a batch; `said` holds the text written for the client, `ready` tells whether it is still ready."""

    item: BatchItem
    ticket: Ticket
    said: TicketEvent | None
    ready: bool = True

    @property
    def decided(self) -> bool:
        return bool(self.item.decision)

    @property
    def label(self) -> str:
        """The label of the decision, French, with a variable for the vendor's name; empty until then."""
        return DECISIONS[StepName(self.item.decision)] if self.decided else ""

    @property
    def tone(self) -> str:
        return TONES[StepName(self.item.decision)] if self.decided else "blue"


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch and its tickets in order."""

    batch: Batch
    lines: list[Line]

    @property
    def decided(self) -> int:
        """How many tickets are decided."""
        return sum(line.decided for line in self.lines)

    @property
    def next(self) -> Line | None:
        """The first ticket that waits for a decision."""
        return next((line for line in self.lines if not line.decided), None)

    @property
    def accepted(self) -> int:
        """How many tickets the client accepted."""
        return sum(line.item.decision == StepName.CLOSE for line in self.lines)

    @property
    def refused(self) -> int:
        """How many tickets the client returned."""
        return sum(line.item.decision == StepName.RETURN for line in self.lines)

    def line(self, reference: str) -> tuple[Line, str, str]:
        """Returns the line of a ticket, and the references before and after it, "" at the ends. Raises NotVisible."""
        order = [line.ticket.reference for line in self.lines]
        if reference not in order:
            raise NotVisible
        index = order.index(reference)
        return self.lines[index], order[index - 1] if index else "", order[index + 1] if index + 1 < len(order) else ""


def batch_page(viewer: User, key: str) -> BatchPage:
    """Returns a batch with its tickets, their announcements and decisions, in at most three queries.

    Raises NotVisible.
    """
    batch = get_batch(viewer, key)
    items = list(
        BatchItem.objects.filter(batch=batch).select_related("ticket__author", "event", "decision_event", "decided_by")
    )
    if batch.published_at:
        return BatchPage(batch, [Line(item, item.ticket, item.event) for item in items])
    announcements = prepared_words([item.ticket for item in items])
    return BatchPage(
        batch,
        [
            Line(item, item.ticket, announcements.get(item.ticket_id), ready=item.ticket.prepared_at is not None)
            for item in items
        ],
    )


def ready_tickets(project: SeenProject, *, but: Batch | None = None) -> QuerySet[Ticket]:
    """Returns the tickets of a project that are ready and in no batch except `but`; the longest ready first."""
    return _unbatched_tickets(but).filter(project=project).order_by("prepared_at", "id")


def _unbatched_tickets(but: Batch | None = None) -> QuerySet[Ticket]:
    open_items = BatchItem.objects.filter(decision="")
    open_items = open_items.exclude(batch=but) if but else open_items
    return Ticket.objects.filter(prepared_at__isnull=False).exclude(pk__in=open_items.values("ticket"))


@dataclass(frozen=True, slots=True)
class Choice:
    """A ticket that may join a batch; `said` holds the text that its client would read."""

    ticket: Ticket
    said: TicketEvent | None


def batch_choices(viewer: User, project: SeenProject, batch: Batch | None = None) -> list[Choice]:
    """Returns the tickets that a batch may contain: those of `batch` in its order, then the longest ready.

    For the team.
    """
    if viewer.is_client:
        raise Forbidden
    rows = list(ready_tickets(project, but=batch).select_related("author"))
    ranks = dict(BatchItem.objects.filter(batch=batch).values_list("ticket", "rank")) if batch else {}
    rows.sort(key=lambda row: ranks.get(row.pk, len(rows) + 1))
    announcements = prepared_words(rows)
    return [Choice(row, announcements.get(row.pk)) for row in rows]


@dataclass(frozen=True, slots=True)
class Progress:
    """A batch in a list, with its numbers of tickets and of decided tickets."""

    batch: Batch
    total: int
    decided: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A project with tickets to publish, and their number."""

    project: str
    name: str
    organization: str
    ready: int


@dataclass(frozen=True, slots=True)
class BatchesPage:
    """The projects with tickets to publish, then the batches: drafts, in review, finished."""

    waiting: list[Waiting]
    drafts: list[Progress]
    reviewed: list[Progress]
    finished: list[Progress]


def batches_page(viewer: User) -> BatchesPage:
    """Returns the batches, and the projects with tickets that wait for one. For the team."""
    if viewer.is_client:
        raise Forbidden
    tickets = _unbatched_tickets().filter(project__in=projects_for(viewer), project__archived_at__isnull=True)
    rows_by_project = tickets.values_list("project__key", "project__name", "project__organization__name")
    rows = access.batches_for(viewer)
    return BatchesPage(
        waiting=[Waiting(*row) for row in rows_by_project.annotate(ready=Count("id")).order_by("project__name")],
        drafts=_progress(rows, "-created_at", published_at__isnull=True),
        reviewed=_progress(rows, "-published_at", published_at__isnull=False, finished_at__isnull=True),
        finished=_progress(rows, "-finished_at", finished_at__isnull=False),
    )


def _progress(batches: QuerySet[Batch], newest: str, **state: bool) -> list[Progress]:
    rows = _with_counts(batches.filter(**state)).select_related("project__organization", "author")
    rows = rows.order_by(newest, "-id")  # explicit: a query with counts does not keep the default order of its model
    return [Progress(row, row.total, row.done) for row in rows[:LATEST]]


def _with_counts(batches: QuerySet[Batch]) -> QuerySet[Any]:
    return batches.annotate(total=Count("item"), done=Count("item", filter=~Q(item__decision="")))


def batch_of(viewer: User, ticket: Ticket) -> Batch | None:
    """Returns the batch in which the ticket waits for a decision, if it is visible to `viewer`."""
    batch: Batch | None = _BATCH_OF_TICKET.first(viewer, ticket.pk)
    return batch


def _batch_of_ticket(viewer: User, ticket_id: int) -> QuerySet[Batch]:
    return access.batches_for(viewer).filter(item__ticket_id=ticket_id, item__decision="").order_by("pk")


_BATCH_OF_TICKET = CompiledQuery(_batch_of_ticket)
