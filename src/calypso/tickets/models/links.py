"""What the team says of tickets together: one follows another, many come from one known issue. Never a client's."""

from django.db import models
from django.db.models.functions import Greatest, Least

from calypso.accounts.models import User
from calypso.base.marks import mark
from calypso.base.text import NAME_MAX
from calypso.tickets.models.tickets import Ticket


class TicketLink(models.Model):
    """`source` stands to `target` as `kind` says; each pair of tickets is linked once, whichever way."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", mark("doublon de")
        FOLLOWS = "follows", mark("fait suite à")
        BLOCKS = "blocks", mark("bloque")

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


# How a link reads from its other end.
REVERSED = {
    TicketLink.Kind.DUPLICATE: mark("a pour doublon"),
    TicketLink.Kind.FOLLOWS: mark("a pour suite"),
    TicketLink.Kind.BLOCKS: mark("est bloqué par"),
}


class KnownIssue(models.Model):
    """One cause of several tickets, of any company: the companies never learn of each other."""

    key = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=NAME_MAX)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", related_query_name="issue")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class IssueTicket(models.Model):
    """A ticket comes from a known issue: from one at most."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="+", related_query_name="of_issue")
    issue = models.ForeignKey(KnownIssue, models.CASCADE, related_name="+", related_query_name="of_issue")

    def __str__(self) -> str:
        return f"{self.ticket_id} of {self.issue_id}"
