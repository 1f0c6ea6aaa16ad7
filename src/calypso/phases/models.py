"""Phase changes: moves of a project from set-up to live or back, agreed by both sides."""

from django.db import models
from django.db.models import Q

from calypso.accounts.models import User
from calypso.base.text import BODY_MAX, CONTEXT_MAX
from calypso.projects.models import Project
from calypso.tickets.models.tickets import Ticket


class PhaseChange(models.Model):
    """A proposed phase change: the outcome for the open tickets, and who agreed (I3).

    It is performed when both project managers agreed. A refusal stores its reason; a project has at most one open
    proposal.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        DONE = "done"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    key = models.CharField(max_length=16, unique=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", related_query_name="phase_change")
    phase = models.CharField(max_length=10, choices=Project.Phase)
    note = models.TextField(max_length=BODY_MAX, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    vendor_agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    vendor_agreed_at = models.DateTimeField(null=True)
    client_agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    client_agreed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=CONTEXT_MAX, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="proposed"), name="phase_change_one_open_a_project"
            ),
            models.CheckConstraint(condition=Q(phase__in=Project.Phase.values), name="phase_change_phase_known"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} to {self.phase}"


class PhaseItem(models.Model):
    """What a phase change does to one open ticket; tickets without an item are carried over.

    `state` is the ticket's state at the proposal: a ticket whose state changed since is left as it is, and `done` stays
    false.
    """

    class Choice(models.TextChoices):
        CARRY = "carry"
        CLOSE = "close"
        POSTPONE = "postpone"

    change = models.ForeignKey(PhaseChange, models.CASCADE, related_name="+", related_query_name="item")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="phase_item")
    state = models.CharField(max_length=12)
    choice = models.CharField(max_length=10, choices=Choice)
    reason = models.CharField(max_length=CONTEXT_MAX, blank=True)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["change", "ticket"], name="phase_item_once")]

    def __str__(self) -> str:
        return f"{self.choice} {self.ticket_id}"
