"""What is searched: a document a ticket, and the words that documents hold."""

from django.db import models

from calypso.base.french import LONGEST
from calypso.tickets.models.tickets import Ticket


class SearchDocument(models.Model):
    """The terms of a ticket, separated by spaces; each engine keeps its own index of them (migration 0016).

    A term is a form of a word (`base.french`) that everybody who sees the ticket may read; `=` before a form says that
    it is in the title, `~` that it is in what the team says among itself; `#` before a reference whose look-alike
    characters are merged; `@` before what narrows a search (`tickets.terms`).
    """

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, primary_key=True, related_name="+", related_query_name="document"
    )
    terms = models.TextField()

    def __str__(self) -> str:
        return f"document of {self.ticket_id}"


class KnownWord(models.Model):
    """A word that some document holds, without case or accents: what the start of a word may become."""

    word = models.CharField(max_length=LONGEST, primary_key=True)

    def __str__(self) -> str:
        return self.word


class Spelling(models.Model):
    """A known word, or one without one of its letters: two words that share one are a slip of the finger apart."""

    spelling = models.CharField(max_length=LONGEST)
    word = models.CharField(max_length=LONGEST)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["spelling", "word"], name="spelling_once")]

    def __str__(self) -> str:
        return f"{self.spelling} of {self.word}"
