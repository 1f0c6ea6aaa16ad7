"""Acceptance batches: processed tickets announced together, and the client's decisions on them."""

from django.db import models
from django.db.models import Q

from calypso.accounts.models import User
from calypso.base.text import BODY_MAX, CONTEXT_MAX, NAME_MAX
from calypso.projects.models import Project
from calypso.tickets.models.tickets import Ticket, TicketEvent


class Batch(models.Model):
    """An acceptance batch: processed tickets of a project announced together (« lot de recette », decision 12).

    It is visible to the client from `published_at` on; `finished_at` is when its last ticket was decided.
    `hold_reason` is the error message of a scheduled publication (`publish_at`) that was refused.
    """

    key = models.CharField(max_length=16, unique=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", related_query_name="batch")
    name = models.CharField(max_length=NAME_MAX)
    note = models.TextField(max_length=BODY_MAX, blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    publish_at = models.DateTimeField(null=True)
    hold_reason = models.CharField(max_length=CONTEXT_MAX, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["publish_at"], condition=Q(publish_at__isnull=False), name="batch_planned"),
            models.Index(fields=["project", "-created_at"], name="batch_project"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(publish_at__isnull=True), name="batch_published_not_planned"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(published_at__isnull=False), name="batch_finished_published"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BatchItem(models.Model):
    """A ticket of a batch. `decision` is the name of the deciding step (`decision_labels.DECISIONS`), empty until then.

    `event` is the announcement: what was done and where to check. `decision_event` is the event of the decision.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+", related_query_name="item")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="batch_item")
    rank = models.PositiveSmallIntegerField()
    event = models.ForeignKey(TicketEvent, models.CASCADE, null=True, related_name="+")
    decision = models.CharField(max_length=20, blank=True)
    decision_event = models.ForeignKey(TicketEvent, models.CASCADE, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(decision=""), name="batch_item_once_undecided"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="batch_item_decided_iff_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} in {self.batch_id}"
