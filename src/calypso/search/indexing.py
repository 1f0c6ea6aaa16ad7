"""Keeps the search documents up to date, in the transaction of the action that changes what they hold."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Replace

from calypso.base.french import words_of
from calypso.search.index_terms import HANDED_TO_RD, OPEN, spellings, terms_of_opening, terms_said, written
from calypso.search.models import KnownWord, SearchDocument, Spelling
from calypso.tickets.events import Published
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.workflow import State

SHORTEST = 3  # letters of a word that completion may offer


def follow(published: Published) -> None:
    """Updates the document of a ticket after a new timeline entry."""
    ticket, entry = published.ticket, published.entry
    if entry.kind == TicketEvent.Kind.OPENED:
        _index(ticket)
    for text in (entry.body, " ".join(published.files)):
        if text:
            _index_words(ticket.pk, text, internal=entry.internal)
    if published.has_stepped and ticket.state_now is State.RD:
        _add(ticket.pk, HANDED_TO_RD)  # visible to R&D from then on (decision 4)
    if published.revoked and not published.before.is_open:
        _add(ticket.pk, OPEN)
    elif published.has_stepped and not ticket.is_open:
        _rows(ticket.pk).update(terms=Replace("terms", Value(f" {OPEN} "), Value(" ")))


def _index(ticket: Ticket) -> None:
    """Creates the document of a ticket that was just opened."""
    terms = terms_of_opening(
        ticket.pk,
        reference=ticket.reference,
        project_id=ticket.project_id,
        title=ticket.title,
        description=ticket.description,
    )
    SearchDocument.objects.create(ticket=ticket, terms=written(terms))
    _learn_after(f"{ticket.title} {ticket.description}")


def _index_words(ticket_id: int, text: str, *, internal: bool) -> None:
    """Adds the text of an entry, or the names of its files, to the document of a ticket."""
    terms = terms_said(text, internal=internal)
    if terms:
        _add(ticket_id, written(terms))
        _learn_after(text)


def _rows(ticket_id: int) -> QuerySet[SearchDocument]:
    return SearchDocument.objects.filter(pk=ticket_id)


def _add(ticket_id: int, terms: str) -> None:
    _rows(ticket_id).update(terms=Concat(F("terms"), Value(f" {terms}")))


def _learn_after(text: str) -> None:
    """Learns the words after the commit, so that two actions that learn the same words never wait for each other."""
    transaction.on_commit(lambda: learn(word.plain for word in words_of(text)), robust=True)


def learn(words: Iterable[str]) -> None:
    """Adds words to the known words, with their spellings; one query finds those that are known already."""
    candidates = {word for word in words if len(word) >= SHORTEST}
    if not candidates:
        return
    new_words = sorted(candidates - set(KnownWord.objects.filter(word__in=candidates).values_list("word", flat=True)))
    if new_words:
        with transaction.atomic():
            KnownWord.objects.bulk_create([KnownWord(word=word) for word in new_words], ignore_conflicts=True)
            Spelling.objects.bulk_create(
                [Spelling(spelling=spelling, word=word) for word in new_words for spelling in sorted(spellings(word))],
                ignore_conflicts=True,
            )
