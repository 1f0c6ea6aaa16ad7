"""Following a ticket: people who follow it without having a part on it, and people who muted it."""

from enum import StrEnum

from django.db import models

from calypso.accounts.models import User
from calypso.tickets.models.tickets import Ticket


class Following(StrEnum):
    """How a person wants to be notified of a ticket; `USUAL` is what their part on it entails."""

    USUAL = "usual"
    FOLLOW = "follow"
    MUTE = "mute"


class TicketFollow(models.Model):
    """A person follows the ticket, or muted it. This gives no right: visibility is checked at each notification."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="follow")
    person = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="follow")
    muted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="ticket_follow_once")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.ticket_id}"
