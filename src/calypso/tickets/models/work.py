"""The team at work on a ticket: who has it open now, and how long each worked on it."""

from django.db import models
from django.db.models import Q

from calypso.accounts.models import User
from calypso.base.text import TITLE_MAX
from calypso.tickets.models.tickets import Ticket


class Presence(models.Model):
    """A member of the team has the ticket open, or types in it; worth nothing once its instants are old."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="presence")
    person = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="presence")
    seen_at = models.DateTimeField()
    typed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.ticket_id}"


class TimeEntry(models.Model):
    """Minutes that a member of the team worked on a ticket, as they say themself."""

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
