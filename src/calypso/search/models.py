"""The search index: one document per ticket, and the words that documents hold."""

from django.db import models

from calypso.base.french import LONGEST
from calypso.tickets.models.tickets import Ticket


class SearchDocument(models.Model):
    """The terms of a ticket, separated by spaces; each database engine has its own index of them (migration 0001).

    A term without prefix is a form of a word (`base.french`) in a text that everybody to whom the ticket is visible may
    read. Prefixes: `=` for a form in the title, `~` for a form in an internal text of the team, `#` for a reference
    whose look-alike characters are merged, `@` for terms that narrow a search (`search.index_terms`).
    """

    ticket = models.OneToOneField(
        Ticket, models.CASCADE, primary_key=True, related_name="+", related_query_name="document"
    )
    terms = models.TextField()

    def __str__(self) -> str:
        return f"document of {self.ticket_id}"


class KnownWord(models.Model):
    """A word that some document holds, without case or accents; used to complete the word being typed."""

    word = models.CharField(max_length=LONGEST, primary_key=True)

    def __str__(self) -> str:
        return self.word


class Spelling(models.Model):
    """A spelling of a known word: the word itself, or without one of its letters.

    Two words that share a spelling differ by one typing error.
    """

    spelling = models.CharField(max_length=LONGEST)
    word = models.CharField(max_length=LONGEST)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["spelling", "word"], name="spelling_once")]

    def __str__(self) -> str:
        return f"{self.spelling} of {self.word}"
