"""What is left to do on a ticket, as the team lists it for itself."""

from django.db import models

from calypso.accounts.models import User
from calypso.base.text import TITLE_MAX
from calypso.tickets.models.tickets import Ticket


class Todo(models.Model):
    """One line of a ticket's list; done when it has a date."""

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
