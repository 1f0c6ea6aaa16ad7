"""The search page: the tickets that match a query, best first, with the searched words marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from calypso.accounts.models import User
from calypso.base.chosen import chosen
from calypso.base.french import Word
from calypso.base.paging import Page, page_of_keys
from calypso.internals.compiled_query import CompiledQuery, padded
from calypso.search.highlighting import Highlighter, Part
from calypso.search.query_parser import ParsedQuery, parse_query
from calypso.search.ranking import MOST, Found, find
from calypso.tickets.access import attachments_among, events_among, tickets_for
from calypso.tickets.queries.rows import Declared

EVENTS_READ = 400  # timeline entries, newest first, in which a passage is looked for


class _Columns(NamedTuple):
    pk: int
    reference: str
    title: str
    description: str
    state: str
    priority: str
    created_at: datetime
    project__name: str
    author__first_name: str
    author__last_name: str


class Row(_Columns, Declared):
    """The columns shown of a matching ticket."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A matching ticket: its title, and another passage that matches, both with the searched words marked.

    `where` is the source of the passage: "description", "comment", "note", "file", or "" if only the title matches.
    """

    ticket: Row
    title: Sequence[Part]
    passage: Sequence[Part]
    where: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of results. `how` as in `Found`; `page.more` says that other tickets match too."""

    question: ParsedQuery
    page: Page[Row]
    hits: Sequence[Hit]
    how: str


def search_page(viewer: User, text: str, number: int = 1, *, size: int = 0) -> SearchPage:
    """Returns a page of the tickets visible to `viewer` that match `text`. Raises Invalid for an unreadable text."""
    query = parse_query(viewer, text)
    matches = _find_matches(viewer, query)
    size = size or chosen("LIST_PAGE_SIZE")
    page = page_of_keys(lambda keys: _rows(viewer, keys), matches.keys[:MOST], number, size, more=matches.more)
    return SearchPage(query, page, _hits(viewer, page.rows, matches.words), matches.how)


def _rows(viewer: User, keys: Sequence[int]) -> list[Row]:
    return [Row._make(columns) for columns in _ROWS.fetch(viewer, padded(keys))]


def _columns(viewer: User, keys: list[int]) -> QuerySet[Any]:
    return tickets_for(viewer).filter(pk__in=keys).order_by().values_list(*Row._fields)


def _entries_with_text(viewer: User, tickets: list[int]) -> QuerySet[Any]:
    events = events_among(viewer, tickets).exclude(body="").order_by("-id")
    return events.values_list("ticket_id", "body", "internal")[:EVENTS_READ]


_ROWS, _ENTRIES = CompiledQuery(_columns), CompiledQuery(_entries_with_text)


def _find_matches(viewer: User, query: ParsedQuery) -> Found:
    if query.problems or query.is_empty:
        return Found([])
    among = tickets_for(viewer).filter(query.narrowing) if query.narrowing else None
    if query.words:
        return find(viewer, query.words, groups=query.groups, among=among, typing=query.unfinished)
    assert among is not None  # a query without words or filters is empty
    keys = list(among.order_by("-pk").values_list("pk", flat=True)[: MOST + 1])
    return Found(keys[:MOST], more=len(keys) > MOST)


def _hits(viewer: User, tickets: Sequence[Row], words: Sequence[Word]) -> list[Hit]:
    highlighter = Highlighter(words)
    described = {ticket.pk: highlighter.held_by(ticket.description) for ticket in tickets}
    passages = {ticket.pk: ("description" if described[ticket.pk] else "", ticket.description) for ticket in tickets}
    incomplete = [
        ticket for ticket in tickets if len(described[ticket.pk] | highlighter.held_by(ticket.title)) < len(words)
    ]
    if incomplete:
        passages |= _best_passages(viewer, incomplete, highlighter)
    return [_hit(ticket, highlighter, *passages[ticket.pk]) for ticket in tickets]


def _hit(ticket: Row, highlighter: Highlighter, source: str, passage: str) -> Hit:
    return Hit(ticket, highlighter.marked(ticket.title), highlighter.excerpt(passage), source)


def _best_passages(viewer: User, tickets: list[Row], highlighter: Highlighter) -> dict[int, tuple[str, str]]:
    """Returns, by ticket id, the `where` and the text of the entry that holds the most words, else of a file name."""
    best: dict[int, tuple[str, str]] = {}
    most = dict.fromkeys((ticket.pk for ticket in tickets), 0)

    def offer(ticket_id: int, source: str, text: str) -> None:
        if most[ticket_id] < highlighter.number and (count := len(highlighter.held_by(text))) > most[ticket_id]:
            most[ticket_id], best[ticket_id] = count, (source, text)

    for ticket_id, body, internal in _ENTRIES.fetch(viewer, padded([ticket.pk for ticket in tickets])):
        offer(ticket_id, "note" if internal else "comment", body)
    without_entry = [ticket for ticket in tickets if ticket.pk not in best]
    if without_entry:
        for ticket_id, name in attachments_among(viewer, [ticket.pk for ticket in without_entry]).values_list(
            "ticket_id", "name"
        )[:EVENTS_READ]:
            offer(ticket_id, "file", name)
    return best
