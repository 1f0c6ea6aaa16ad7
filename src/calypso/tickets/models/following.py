"""Who follows a ticket without playing a part on it, and who wants to hear less of it."""

from enum import StrEnum

from django.db import models

from calypso.accounts.models import User
from calypso.tickets.models.tickets import Ticket


class Watch(StrEnum):
    """How a person wants to hear of a ticket; `USUAL` is what their part on it says."""

    USUAL = "usual"
    FOLLOW = "follow"
    MUTE = "mute"


class TicketWatch(models.Model):
    """A person follows the ticket, or muted it. It gives no right: sight is asked each time something is told."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+", related_query_name="watch")
    person = models.ForeignKey(User, models.CASCADE, related_name="+", related_query_name="watch")
    muted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "person"], name="ticket_watch_once")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.ticket_id}"
