"""Finds possible duplicates of a ticket: same project, and words of the title in common or the same page URL."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from calypso.accounts.models import User
from calypso.base.french import words_of
from calypso.base.text import TITLE_MAX, URL_MAX
from calypso.base.validation import Input
from calypso.projects.models import Project
from calypso.search.index_terms import TITLE, term_of_project
from calypso.search.lookup import answering
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Stated

MOST = 5
READ = 200  # newest tickets with a word in common that are compared
SHORTEST = 4
SAME_PAGE = 2  # weighs as much as two words


class _Columns(NamedTuple):
    pk: int
    reference: str
    title: str
    page_url: str
    state: str
    priority: str
    activity_at: datetime


class Row(_Columns, Stated):
    """The columns of a ticket that are compared and shown."""

    __slots__ = ()


def nearby(viewer: User, *, project: Project, title: str, page_url: str = "", but: int = 0) -> list[Row]:
    """Returns the most similar tickets of a project visible to `viewer`, open or closed, at most five, best first.

    Similar: two words of the title in common, its only word, or the page URL. `but` is the id of a ticket to leave out,
    the one being read. One query. Raises Invalid for a title or a URL that a ticket could not hold.
    """
    checked = Input()
    title = checked.line("title", title, TITLE_MAX)
    page_url = checked.line("page_url", page_url, URL_MAX)
    checked.done()
    words = _long_words(title)
    condition = Q(page_url=page_url) if page_url else Q()
    if words:
        forms = frozenset(f"{TITLE}{form}" for word in words for form in word)
        condition |= Q(pk__in=answering([forms, {term_of_project(project.pk)}]))
    if not condition:
        return []
    min_score = min(2, len(words)) or SAME_PAGE
    rows = tickets_for(viewer).filter(condition, project=project).exclude(pk=but).order_by("-pk")[:READ]
    scored_rows = [(_score(row, words, page_url), row) for row in map(Row._make, rows.values_list(*Row._fields))]
    matches = [pair for pair in scored_rows if pair[0] >= min_score]
    matches.sort(key=lambda pair: (pair[0], pair[1].activity_at, pair[1].pk), reverse=True)
    return [row for _points, row in matches[:MOST]]


def _long_words(title: str) -> set[tuple[str, ...]]:
    return {word.forms for word in words_of(title) if len(word.plain) >= SHORTEST}


def _score(row: Row, words: set[tuple[str, ...]], page_url: str) -> int:
    forms = {form for word in _long_words(row.title) for form in word}
    common = sum(bool(forms & set(word)) for word in words)
    return common + (SAME_PAGE if page_url and row.page_url == page_url else 0)
