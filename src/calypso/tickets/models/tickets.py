"""Tickets, their timeline, and the files attached to its entries."""

from typing import Any, Never

from django.db import models
from django.db.models import F, Q

from calypso.accounts.models import Organization, User
from calypso.base.text import BODY_MAX, CONTEXT_MAX, NAME_MAX, TITLE_MAX, URL_MAX
from calypso.pictures.models import Picture
from calypso.projects.models import Project
from calypso.tickets.priorities import Priority
from calypso.tickets.satisfaction import Satisfaction
from calypso.tickets.workflow import CAUSE_LABELS, OPEN_STATES, ReturnCause, State

PREVIEW_LENGTH = 200


class Stated:
    """Properties derived from `state` and `priority`, shared by the model and by rows that show a ticket."""

    state: Any
    priority: Any

    @property
    def state_now(self) -> State:
        return State(self.state)

    @property
    def is_open(self) -> bool:
        return self.state_now.is_open

    @property
    def priority_now(self) -> Priority:
        """Returns the retained priority, by which lists sort."""
        return Priority(self.priority)

    @property
    def is_urgent(self) -> bool:
        """Returns whether the priority is « Élevée » or « Bloquant »: shown in bold in every open section (S48)."""
        return bool(self.priority >= Priority.HIGH)


_GROUPS = ["project", "organization", "assignee"]  # what figures are told by


class Ticket(Stated, models.Model):
    """A request of a client on a project.

    `organization` duplicates the project's. `version` grows with each step, assignment and retained priority: writes
    compare it, so that a person who looked at an older version gets a Conflict (R102). The comment count, the last
    public comment and `activity_at` are written by the actions and count public events only (R11).

    `vendor_seconds` to `due_at` are the service clock (`sla.clock`): business seconds of each side's past turns, the
    current turn, the first answer, and the deadlines of the team; `due_at` is the nearest. `reminded` counts the
    reminders of the current turn, `reminder_reading` is the calendar reading at the last one.

    `rd_reference` and `rd_url` are visible to the team only, and so is `prepared_at`: the instant since which the
    ticket is processed and waits for its acceptance batch; every step clears it.
    """

    # Each action updates the indexes, so there are few: no index whose columns begin another one, and unique columns
    # as constraints, for which PostgreSQL gets no second index for prefix searches (`unique=True` creates one).
    reference = models.CharField(max_length=7)
    project = models.ForeignKey(Project, models.PROTECT, db_index=False, related_name="+", related_query_name="ticket")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", related_query_name="ticket")
    author = models.ForeignKey(
        User, models.PROTECT, db_index=False, related_name="+", related_query_name="authored_ticket"
    )
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
    priority_asked = models.BooleanField(db_default=False)  # opened by mail: its author is asked for the priority
    priority = models.CharField(max_length=1)
    priority_reason = models.CharField(max_length=CONTEXT_MAX, blank=True)
    state = models.CharField(max_length=12, default=State.NEW.value)
    return_cause = models.CharField(max_length=14, blank=True)
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
    reminded = models.PositiveSmallIntegerField(default=0)
    reminder_reading = models.BigIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    answer_seconds = models.PositiveIntegerField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    process_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    satisfaction = models.CharField(max_length=12, blank=True)
    comment_count = models.PositiveIntegerField(default=0)
    last_comment = models.CharField(max_length=PREVIEW_LENGTH, blank=True)
    last_comment_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    activity_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    following = "usual"  # the viewer's `Following`, set where a single ticket is fetched

    class Meta:
        indexes = [
            models.Index(fields=["project", "state", "-created_at"], name="ticket_project_state"),
            # Without it, PostgreSQL reads the open tickets of all projects to find those of one.
            models.Index(fields=["project", "state"], condition=~Q(state="closed"), name="ticket_open_of_project"),
            # A person's own tickets in list order, with the columns that count them: counted without reading rows.
            models.Index(fields=["author", "-created_at", "state", "project"], name="ticket_author"),
            models.Index(fields=["project", "-closed_at", "-id"], condition=Q(state="closed"), name="ticket_closed"),
            # In the order of the queue, with the columns that filter it: PostgreSQL counts a queue without its rows.
            models.Index(
                fields=["-activity_at", "-id", "priority", "project"],
                condition=~Q(state="closed"),
                name="ticket_open_activity",
            ),
            models.Index(
                fields=["state", "-activity_at", "-id", "priority", "project"],
                condition=~Q(state="closed"),
                name="ticket_open_state",
            ),
            models.Index(fields=["-activity_at", "-id"], condition=Q(state="closed"), name="ticket_closed_activity"),
            models.Index(fields=["assignee", "-activity_at"], condition=~Q(state="closed"), name="ticket_assignee"),
            # The figures of a period, with the columns that they read: PostgreSQL counts them without the rows.
            models.Index(fields=["created_at", *_GROUPS], name="ticket_created_figures"),
            models.Index(
                fields=["closed_at", *_GROUPS, "vendor_seconds", "client_seconds", "satisfaction"],
                condition=Q(closed_at__isnull=False),
                name="ticket_closed_figures",
            ),
            models.Index(
                fields=["answered_at", *_GROUPS, "answer_seconds", "answer_due_at"],
                condition=Q(answered_at__isnull=False),
                name="ticket_answered_figures",
            ),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="ticket_due"),
            models.Index(
                fields=["project", "prepared_at"], condition=Q(prepared_at__isnull=False), name="ticket_prepared"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="ticket_reference_once"),
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
                condition=Q(satisfaction__in=["", *(answer.value for answer in Satisfaction)]),
                name="ticket_satisfaction_known",
            ),
            models.CheckConstraint(
                condition=Q(priority=F("declared_priority")) | ~Q(priority_reason=""),
                name="ticket_retained_priority_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def declared(self) -> Priority:
        """Returns the priority that the client declared."""
        return Priority(self.declared_priority)

    @property
    def return_label(self) -> str:
        """Returns the French label of the reason why the ticket was returned; empty when it was not."""
        return CAUSE_LABELS.get(ReturnCause(self.return_cause), "")


class TicketEvent(models.Model):
    """One entry of a ticket's timeline, append-only (R105). `actor` is null for the system.

    `state` is the ticket's state after the action (S78). `once_key` makes a form act once (R103). `step` names the
    workflow step that was taken, that the acceptance batch will take (`PREPARED`), or that its author took back
    (`TAKEN_BACK`); `subject` is the new assignee of an assignment.
    """

    class Kind(models.TextChoices):
        OPENED = "opened"
        COMMENTED = "commented"
        STEPPED = "stepped"
        ASSIGNED = "assigned"
        PRIORITIZED = "prioritized"
        REFERRED = "referred"
        REMINDED = "reminded"
        PREPARED = "prepared"
        WITHDRAWN = "withdrawn"
        TAKEN_BACK = "taken_back"

    class Source(models.TextChoices):
        WEB = "web"
        API = "api"
        MAIL = "mail"
        SYSTEM = "system"

    key = models.CharField(max_length=16)
    ticket = models.ForeignKey(Ticket, models.PROTECT, db_index=False, related_name="+", related_query_name="event")
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", related_query_name="acted")
    kind = models.CharField(max_length=12, choices=Kind)
    step = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=12)
    subject = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", related_query_name="concerned")
    body = models.TextField(max_length=BODY_MAX, blank=True)
    internal = models.BooleanField(default=False)
    source = models.CharField(max_length=6, choices=Source, default=Source.WEB)
    once_key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - null means no key; unlike "", it may repeat
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "created_at", "id"], name="event_timeline"),
            # The acts of the figures of a period, with their tickets.
            models.Index(
                fields=["created_at", "ticket"],
                condition=Q(kind="stepped", step="process"),
                name="event_processed_ticket",
            ),
            models.Index(
                fields=["created_at", "ticket"],
                condition=Q(kind="stepped", step__in=["internal_return", "return"]),
                name="event_returned_ticket",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="event_key_once"),
            models.UniqueConstraint(fields=["once_key"], name="event_once_a_form"),
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
        """Returns whether the entry is a comment that the client may read; the reason for a priority is not one."""
        return bool(self.body) and not self.internal and self.kind != self.Kind.PRIORITIZED


class Attachment(models.Model):
    """A file of an event. `stored` is its opaque name in the file store, `name` the name that was uploaded."""

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

    picture: Picture | None = None  # set where files are shown (`queries.files`)

    def __str__(self) -> str:
        return self.name
