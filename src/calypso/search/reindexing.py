"""Rebuilds search documents from the tickets: for the `reindex` command, and when a person is erased."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import batched

from django.db import transaction

from calypso.base.french import Word, words_of
from calypso.search.index_terms import HANDED_TO_RD, INSIDE, OPEN, terms_of_opening, terms_said, written
from calypso.search.indexing import learn
from calypso.search.lookup import newest
from calypso.search.models import KnownWord, SearchDocument, Spelling
from calypso.tickets.models import Attachment, Ticket, TicketEvent

CHUNK = 500
EVERY = 1_000_000_000


def reindex(keys: Iterable[int] | None = None) -> int:
    """Rebuilds the documents of these tickets, or of all; returns how many. Used by the command `reindex`."""
    ticket_ids = Ticket.objects.order_by("pk").values_list("pk", flat=True) if keys is None else sorted(set(keys))
    done = 0
    for chunk in batched(list(ticket_ids), CHUNK, strict=False):
        done += _reindex_chunk(chunk)
    return done


def _reindex_chunk(keys: tuple[int, ...]) -> int:
    terms_by_ticket: dict[int, set[str]] = defaultdict(set)
    words: set[str] = set()

    def add_text(ticket_id: int, text: str, internal: bool) -> None:
        terms_by_ticket[ticket_id] |= terms_said(text, internal=internal)
        words.update(word.plain for word in words_of(text))

    with transaction.atomic():
        tickets = list(Ticket.objects.select_for_update().filter(pk__in=keys))
        for ticket_id, body, internal in (
            TicketEvent.objects.filter(ticket__in=keys).exclude(body="").values_list("ticket_id", "body", "internal")
        ):
            add_text(ticket_id, body, internal)
        names = Attachment.objects.filter(ticket__in=keys).values_list("ticket_id", "name", "event__internal")
        for ticket_id, name, internal in names:
            add_text(ticket_id, name, internal)
        documents = []
        for ticket in tickets:
            words.update(word.plain for word in words_of(f"{ticket.title} {ticket.description}"))
            terms = terms_by_ticket[ticket.pk] | terms_of_opening(
                ticket.pk,
                reference=ticket.reference,
                project_id=ticket.project_id,
                title=ticket.title,
                description=ticket.description,
            )
            if not ticket.is_open:
                terms.discard(OPEN)
            if ticket.handed_to_rd_at is not None:
                terms.add(HANDED_TO_RD)
            documents.append(SearchDocument(ticket=ticket, terms=written(terms)))
        SearchDocument.objects.filter(pk__in=keys).delete()
        SearchDocument.objects.bulk_create(documents)
    learn(words)
    return len(documents)


def tickets_naming(texts: Iterable[str]) -> list[int]:
    """Returns the tickets that hold all the words of one of these texts, in any field: those to index again.

    They are found by their documents, so this must run before these are rebuilt.
    """
    ticket_ids: set[int] = set()
    for text in texts:
        groups = [_terms_anywhere(word) for word in words_of(text)]
        ticket_ids.update(newest(groups, EVERY) if groups else [])
    return sorted(ticket_ids)


def unlearn(texts: Iterable[str]) -> None:
    """Deletes the known words of these texts that no document holds any more (R130)."""
    for word in {word for text in texts for word in words_of(text)}:
        if not newest([_terms_anywhere(word)], 1):
            KnownWord.objects.filter(word=word.plain).delete()
            Spelling.objects.filter(word=word.plain).delete()


def _terms_anywhere(word: Word) -> frozenset[str]:
    return frozenset(word.forms) | {f"{INSIDE}{form}" for form in word.forms}
