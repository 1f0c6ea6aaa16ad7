"""The closed tickets of a project by page, all of them or those that match a search (S83–S85, S90–S93)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

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
    meant: Highlighter = NOTHING

    def marked(self, text: str) -> Sequence[Part]:
        """Returns a text of the page with the words searched for marked."""
        return self.meant.marked(text)


BEST = "pertinence"

CLOSED_MOST = 1_000  # maximum number of closed tickets that a search returns

CLOSED_SORTS: Columns = {
    BEST: ("closed_at",),  # a search result is sorted by its ranking; without words, by date
    "date": ("closed_at",),
    "libelle": ("title",),
    "reference": ("reference",),
}

CLOSED_FIELDS = ("reference", "title", "closed_at", "state")


def _closed(visible: VisibleProject, sort: Sort) -> QuerySet[Ticket]:
    rows = tickets_of(visible).filter(state=State.CLOSED).only(*CLOSED_FIELDS)
    return rows.order_by(*order_by(sort, CLOSED_SORTS))


def _first_closed(visible: VisibleProject, sort: Sort, first: slice) -> QuerySet[Ticket]:
    return _closed(visible, sort)[: first.stop]


_CLOSED = CompiledQuery(_first_closed)


def closed_page(visible: VisibleProject, words: str, sort: str, page: int, total: int | None = None) -> ClosedPage:
    """Returns a page of the closed tickets of one project (S83–S85, S90–S93).

    By default, the most recently closed come first, or the best matches when `words` is not empty. `total` is the
    number of closed tickets, when the caller has it. Raises Invalid for an unknown sort.
    """
    clean = search_words(words)
    asked = parse_sort(sort, CLOSED_SORTS, BEST if clean else "-date")
    meant = list(words_of(clean))[:WORDS_MAX]
    if not clean:
        size = settings.CLOSED_PAGE_SIZE
        if total is not None and page == 1:
            first = _CLOSED.fetch(visible, asked, slice(size))
            return ClosedPage(first_page(first, total, size), asked, clean)
        ordered = _closed(visible, asked)
        return ClosedPage(page_of(ordered, page, size, total), asked, clean)
    tickets = tickets_of(visible).filter(state=State.CLOSED)
    shown = tickets.only(*CLOSED_FIELDS)
    narrow = [frozenset({term_of_project(visible.project.pk)})]
    found = find(visible.viewer, meant, groups=narrow, among=tickets, typing=True, most=CLOSED_MOST)
    size = settings.CLOSED_PAGE_SIZE
    if asked.key == BEST:
        rows = page_of_keys(lambda keys: shown.filter(pk__in=keys), found.keys, page, size, more=found.more)
    else:
        ordered = shown.filter(pk__in=found.keys).order_by(*order_by(asked, CLOSED_SORTS))
        rows = page_of(ordered, page, size, len(found.keys))
    return ClosedPage(rows, asked, clean, found.how, Highlighter(found.words))
