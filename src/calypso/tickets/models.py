"""Tickets, their one timeline, the files attached to it, and what a person has not sent yet."""

from typing import Any, Never

from django.db import models
from django.db.models import F, Q

from calypso.accounts.models import Organization, User
from calypso.base.text import BODY_MAX, CONTEXT_MAX, NAME_MAX, QUESTION_MAX, TITLE_MAX, URL_MAX
from calypso.projects.models import Project
from calypso.tickets.priorities import Priority
from calypso.tickets.workflow import CAUSE_LABELS, OPEN_STATES, ReturnCause, State

PREVIEW_LENGTH = 200


class Ticket(models.Model):
    """A request of a client on a project.

    `organization` repeats the project's. `search_text` is what closed tickets are searched by, folded. `version` grows
    with each step, assignment and retained priority: writes compare it, so that who looked at an older ticket loses
    loudly (R102). The comment count, the last public comment and `activity_at` are written by the actions and count
    public events only (R11). `vendor_seconds` to
    `due_at` are the service clock (`service.py`): business seconds of each side's past turns, the present turn, the
    first answer, and what the team owes; `due_at` is the nearest. `rd_reference` and `rd_url` are the team's alone, and
    so is `prepared_at`: since when it is processed and waits for its batch; every step clears it.
    """

    reference = models.CharField(max_length=7, unique=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", related_query_name="ticket")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", related_query_name="ticket")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", related_query_name="authored_ticket")
    follower = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", related_query_name="followed_ticket"
    )
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", related_query_name="assigned_ticket"
    )
    title = models.CharField(max_length=TITLE_MAX)
    description = models.TextField(max_length=BODY_MAX, blank=True)
    page_url = models.CharField(max_length=URL_MAX, blank=True)
    declared_priority = models.CharField(max_length=1)
    context = models.CharField(max_length=CONTEXT_MAX, blank=True)
    priority = models.CharField(max_length=1)
    priority_reason = models.CharField(max_length=CONTEXT_MAX, blank=True)
    state = models.CharField(max_length=12, default=State.NEW.value)
    return_cause = models.CharField(max_length=14, blank=True)
    search_text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    taken_at = models.DateTimeField(null=True)
    handed_to_rd_at = models.DateTimeField(null=True)
    prepared_at = models.DateTimeField(null=True)
    rd_reference = models.CharField(max_length=NAME_MAX, blank=True)
    rd_url = models.CharField(max_length=URL_MAX, blank=True)
    vendor_seconds = models.PositiveIntegerField(default=0)
    client_seconds = models.PositiveIntegerField(default=0)
    turn_since = models.DateTimeField()
    turn_reading = models.BigIntegerField()
    answered_at = models.DateTimeField(null=True)
    answer_seconds = models.PositiveIntegerField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    process_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    comment_count = models.PositiveIntegerField(default=0)
    last_comment = models.CharField(max_length=PREVIEW_LENGTH, blank=True)
    last_comment_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    activity_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["project", "state", "-created_at"], name="ticket_project_state"),
            models.Index(fields=["author", "-created_at"], name="ticket_author"),
            models.Index(fields=["project", "-closed_at", "-id"], condition=Q(state="closed"), name="ticket_closed"),
            models.Index(fields=["-activity_at", "-id"], condition=~Q(state="closed"), name="ticket_open_activity"),
            models.Index(fields=["-activity_at", "-id"], condition=Q(state="closed"), name="ticket_closed_activity"),
            models.Index(fields=["assignee", "-activity_at"], condition=~Q(state="closed"), name="ticket_assignee"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="ticket_due"),
            models.Index(
                fields=["project", "prepared_at"], condition=Q(prepared_at__isnull=False), name="ticket_prepared"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="ticket_state_in_table"),
            models.CheckConstraint(
                condition=Q(
                    declared_priority__in=[p.value for p in Priority], priority__in=[p.value for p in Priority]
                ),
                name="ticket_priority_in_table",
            ),
            models.CheckConstraint(
                condition=Q(declared_priority__in=["1", "2"]) | ~Q(context=""),
                name="ticket_high_priority_has_context",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | Q(state__in=sorted(s.value for s in OPEN_STATES), closed_at__isnull=True),
                name="ticket_closed_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(return_cause__in=[c.value for c in ReturnCause]), name="ticket_return_cause_known"
            ),
            models.CheckConstraint(
                condition=Q(priority=F("declared_priority")) | ~Q(priority_reason=""),
                name="ticket_retained_priority_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state_now(self) -> State:
        return State(self.state)

    @property
    def priority_now(self) -> Priority:
        """The retained priority, by which lists sort."""
        return Priority(self.priority)

    @property
    def declared(self) -> Priority:
        """The client's own priority."""
        return Priority(self.declared_priority)

    @property
    def return_label(self) -> str:
        """Why the ticket is back, French; empty when it is not."""
        return CAUSE_LABELS.get(ReturnCause(self.return_cause), "")

    @property
    def is_urgent(self) -> bool:
        """« Élevée » or « Bloquant »: in bold in every open section (S48)."""
        return self.priority >= Priority.HIGH

    @property
    def is_open(self) -> bool:
        return self.state_now.is_open


class ServiceLevel(models.Model):
    """Business hours within which the team means to answer first, and to process; null where it means nothing."""

    phase = models.CharField(max_length=10, choices=Project.Phase)
    priority = models.CharField(max_length=1)
    answer_hours = models.PositiveSmallIntegerField(null=True)
    process_hours = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phase", "priority"], name="service_level_once")]

    def __str__(self) -> str:
        return f"{self.phase} {self.priority}"


class TicketEvent(models.Model):
    """One entry of a ticket's timeline; never changed, never removed (R105). `actor` is null for the system.

    `state` is the one after the act (S78). `once_key` makes a form's act happen once (R103). `step` names the step of
    the workflow that was taken, or for `PREPARED` that the batch will take; `subject` is the person of an assignment.
    """

    class Kind(models.TextChoices):
        OPENED = "opened"
        COMMENTED = "commented"
        STEPPED = "stepped"
        ASSIGNED = "assigned"
        PRIORITIZED = "prioritized"
        REFERRED = "referred"
        PREPARED = "prepared"
        WITHDRAWN = "withdrawn"

    class Source(models.TextChoices):
        WEB = "web"
        API = "api"
        MAIL = "mail"
        SYSTEM = "system"

    key = models.CharField(max_length=16, unique=True)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", related_query_name="event")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", related_query_name="acted")
    kind = models.CharField(max_length=12, choices=Kind)
    step = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=12)
    subject = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", related_query_name="concerned")
    body = models.TextField(max_length=BODY_MAX, blank=True)
    internal = models.BooleanField(default=False)
    source = models.CharField(max_length=6, choices=Source, default=Source.WEB)
    once_key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - null: no key, as often as needed
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ticket", "created_at", "id"], name="event_timeline")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="event_state_in_table"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.ticket_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the timeline of a ticket is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise TypeError("the timeline of a ticket is append-only")

    @property
    def is_public_comment(self) -> bool:
        """Whether the client reads words of the conversation here; a reason for a priority is not one."""
        return bool(self.body) and not self.internal and self.kind != self.Kind.PRIORITIZED


class Attachment(models.Model):
    """A file of an event. `stored` is its opaque name in the store, `name` what people called it."""

    key = models.CharField(max_length=16, unique=True)
    event = models.ForeignKey(TicketEvent, models.PROTECT, related_name="+", related_query_name="attachment")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", related_query_name="attachment")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", related_query_name="attachment")
    name = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """Processed tickets of a project announced together (« lot de recette », decision 12).

    The client sees it from `published_at` on; `finished_at` is when its last ticket was decided.
    `held` says why it did not leave at `publish_at`, in the words of the refusal.
    """

    key = models.CharField(max_length=16, unique=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="+", related_query_name="batch")
    name = models.CharField(max_length=NAME_MAX)
    note = models.TextField(max_length=BODY_MAX, blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    publish_at = models.DateTimeField(null=True)
    held = models.CharField(max_length=CONTEXT_MAX, blank=True)
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
    """A ticket of a batch. `decision` is the step by which it was decided (`batching.DECISIONS`), empty until then.

    `event` is the announcement: what was done and where to check. `words` is the event of the decision.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+", related_query_name="item")
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="batch_item")
    rank = models.PositiveSmallIntegerField()
    event = models.ForeignKey(TicketEvent, models.CASCADE, null=True, related_name="+")
    decision = models.CharField(max_length=20, blank=True)
    words = models.ForeignKey(TicketEvent, models.CASCADE, null=True, related_name="+")
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


class Kept(models.Model):
    """What somebody keeps under a name to use again: one's own, or shared with the whole team."""

    key = models.CharField(max_length=16, unique=True)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="%(class)s")
    shared = models.BooleanField(default=False)
    name = models.CharField(max_length=NAME_MAX)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="%(class)s_once")]

    def __str__(self) -> str:
        return self.name


class SavedView(Kept):
    """A question asked to the queue again and again."""

    query = models.CharField(max_length=QUESTION_MAX)


class CannedReply(Kept):
    """A text that the team writes again and again; it may hold variables."""

    body = models.TextField(max_length=BODY_MAX)


class Draft(models.Model):
    """What a person typed in one form and has not sent: kept through a refusal, an expired session, a restart.

    `key` is the form's one-time key. `fields` is what was typed, by field. Expires after a day (R68).
    """

    class Purpose(models.TextChoices):
        OPENING = "opening"
        COMMENT = "comment"

    key = models.CharField(max_length=32)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="draft")
    purpose = models.CharField(max_length=10, choices=Purpose)
    fields = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="draft_once_a_form")]

    def __str__(self) -> str:
        return f"draft of {self.owner_id}"


class DraftFile(models.Model):
    """A file uploaded to a form that is not sent yet; it belongs to that form and that person (R68)."""

    key = models.CharField(max_length=16, unique=True)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+", related_query_name="file")
    name = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
