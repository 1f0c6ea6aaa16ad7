"""The closed tickets of a project by page, all of them or those that match a search (S83–S85, S90–S93)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from calypso.base.chosen import chosen
from calypso.base.french import words_of
from calypso.base.paging import Page, first_page, page_of, page_of_keys
from calypso.base.searching import WORDS_MAX
from calypso.base.sorting import Columns, Sort, order_by, parse_sort
from calypso.base.validation import search_words
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.visible import VisibleProject
from calypso.search.highlighting import NOTHING, Highlighter, Part
from calypso.search.index_terms import term_of_project
from calypso.search.ranking import find
from calypso.tickets.access import tickets_of
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import State


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """Closed tickets of a project: the page, the sort, the text searched for (empty: all); `how` as in `Found`."""

    page: Page[Ticket]
    sort: Sort
    words: str
    how: str = ""
    highlighter: Highlighter = NOTHING

    def marked(self, text: str) -> Sequence[Part]:
        """Returns a text of the page with the words searched for marked."""
        return self.highlighter.marked(text)


BEST = "pertinence"

CLOSED_MOST = 1_000  # maximum number of closed tickets that a search returns

CLOSED_SORTS: Columns = {
    BEST: ("closed_at",),  # a search result is sorted by its ranking; without words, by date
    "date": ("closed_at",),
    "libelle": ("title",),
    "reference": ("reference",),
}

CLOSED_FIELDS = ("reference", "title", "closed_at", "state")


def _closed_tickets(visible: VisibleProject, sort: Sort) -> QuerySet[Ticket]:
    rows = tickets_of(visible).filter(state=State.CLOSED).only(*CLOSED_FIELDS)
    return rows.order_by(*order_by(sort, CLOSED_SORTS))


def _first_closed(visible: VisibleProject, sort: Sort, first: slice) -> QuerySet[Ticket]:
    return _closed_tickets(visible, sort)[: first.stop]


_CLOSED = CompiledQuery(_first_closed)


def closed_page(visible: VisibleProject, words: str, sort: str, page: int, total: int | None = None) -> ClosedPage:
    """Returns a page of the closed tickets of one project (S83–S85, S90–S93).

    By default, the most recently closed come first, or the best matches when `words` is not empty. `total` is the
    number of closed tickets, when the caller has it. Raises Invalid for an unknown sort.
    """
    clean = search_words(words)
    order = parse_sort(sort, CLOSED_SORTS, BEST if clean else "-date")
    query_words = list(words_of(clean))[:WORDS_MAX]
    if not clean:
        size = chosen("CLOSED_PAGE_SIZE")
        if total is not None and page == 1:
            first = _CLOSED.fetch(visible, order, slice(size))
            return ClosedPage(first_page(first, total, size), order, clean)
        ordered = _closed_tickets(visible, order)
        return ClosedPage(page_of(ordered, page, size, total), order, clean)
    tickets = tickets_of(visible).filter(state=State.CLOSED)
    query = tickets.only(*CLOSED_FIELDS)
    groups = [frozenset({term_of_project(visible.project.pk)})]
    matches = find(visible.viewer, query_words, groups=groups, among=tickets, typing=True, most=CLOSED_MOST)
    size = chosen("CLOSED_PAGE_SIZE")
    if order.key == BEST:
        rows = page_of_keys(lambda keys: query.filter(pk__in=keys), matches.keys, page, size, more=matches.more)
    else:
        ordered = query.filter(pk__in=matches.keys).order_by(*order_by(order, CLOSED_SORTS))
        rows = page_of(ordered, page, size, len(matches.keys))
    return ClosedPage(rows, order, clean, matches.how, Highlighter(matches.words))
