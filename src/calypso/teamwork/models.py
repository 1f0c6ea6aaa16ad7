"""The team's internal data, never visible to clients: links, issues, to-do, time, presence, views,
replies, notes on clients."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Greatest, Least

from calypso.accounts.models import Organization, User
from calypso.base.catalogue import gettext_noop
from calypso.base.text import BODY_MAX, CONTEXT_MAX, NAME_MAX, QUESTION_MAX, TITLE_MAX
from calypso.tickets.models.tickets import Ticket


class TicketLink(models.Model):
    """A link from `source` to `target`, of some `kind`; two tickets are linked at most once, in either direction."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", gettext_noop("doublon de")
        FOLLOWS = "follows", gettext_noop("fait suite à")
        BLOCKS = "blocks", gettext_noop("bloque")

    key = models.CharField(max_length=16, unique=True)
    source = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="link_from")
    target = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="link_to")
    kind = models.CharField(max_length=10, choices=Kind)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", related_query_name="linked")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Least("source", "target"),
                Greatest("source", "target"),
                name="ticket_link_once",
            ),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="ticket_link_two_tickets"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


# Labels of a link on the page of its target.
REVERSED = {
    TicketLink.Kind.DUPLICATE: gettext_noop("a pour doublon"),
    TicketLink.Kind.FOLLOWS: gettext_noop("a pour suite"),
    TicketLink.Kind.BLOCKS: gettext_noop("est bloqué par"),
}


class KnownIssue(models.Model):
    """A common cause of several tickets, of any company: the companies never learn of each other."""

    key = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=NAME_MAX)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", related_query_name="issue")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class IssueTicket(models.Model):
    """The known issue that a ticket comes from: at most one."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="+", related_query_name="of_issue")
    issue = models.ForeignKey(KnownIssue, models.CASCADE, related_name="+", related_query_name="of_issue")

    def __str__(self) -> str:
        return f"{self.ticket_id} of {self.issue_id}"


class Shareable(models.Model):
    """Something that a user saves under a name to reuse: private, or shared with the whole team."""

    key = models.CharField(max_length=16, unique=True)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="%(class)s")
    shared = models.BooleanField(default=False)
    name = models.CharField(max_length=NAME_MAX)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="%(class)s_once")]

    def __str__(self) -> str:
        return self.name


class SavedView(Shareable):
    """A saved view: filters of the queue that are reused; `query` is a query string without its `?`."""

    query = models.CharField(max_length=QUESTION_MAX)


class CannedReply(Shareable):
    """A canned reply: a text that the team reuses; it may contain variables."""

    body = models.TextField(max_length=BODY_MAX)


class Todo(models.Model):
    """An item of a ticket's to-do list; done when it has a `done_at`."""

    key = models.CharField(max_length=16, unique=True)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="todo")
    text = models.CharField(max_length=TITLE_MAX)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", related_query_name="listed_todo")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", related_query_name="done_todo")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class Presence(models.Model):
    """A team member has the ticket open, or types in it; ignored once its instants are old."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="presence")
    person = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="presence")
    seen_at = models.DateTimeField()
    typed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.ticket_id}"


class TimeEntry(models.Model):
    """Minutes that a team member worked on a ticket, as entered by themself."""

    key = models.CharField(max_length=16, unique=True)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="time_entry")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", related_query_name="time_entry")
    minutes = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=TITLE_MAX, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="time_entry_some")]

    def __str__(self) -> str:
        return f"{self.minutes} min on {self.ticket_id}"


class ClientNote(models.Model):
    """What the team wrote down about a contact or about a company: exactly one of the two."""

    key = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", related_query_name="client_note")
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, related_name="+", related_query_name="client_note"
    )
    text = models.TextField(max_length=CONTEXT_MAX)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", related_query_name="written_client_note")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(organization__isnull=True), name="client_note_about_one"
            )
        ]

    def __str__(self) -> str:
        return self.text


class BulkOrder(models.Model):
    """One act on many tickets, or their export, as somebody ordered it and as far as it is done.

    `fields` are what the act needs, by name; `chosen` is the tickets in order, each `[reference, version seen]`.
    `outcomes` has as many items as tickets are done: `[reference, why it was refused]`. `once_key` makes a form order
    once (R103).
    """

    class Act(models.TextChoices):
        ASSIGN = "assign"
        STEP = "step"
        RETAIN = "retain"
        EXPORT = "export"

    key = models.CharField(max_length=16, unique=True)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="bulk_order")
    act = models.CharField(max_length=6, choices=Act)
    fields = models.JSONField()
    chosen = models.JSONField()
    outcomes = models.JSONField(default=list)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    workbook = models.BinaryField(null=True)
    once_key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - null means no key; unlike "", it may repeat
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "once_key"], name="bulk_order_once_a_form")]

    def __str__(self) -> str:
        return f"{self.act} of {self.total} tickets"
