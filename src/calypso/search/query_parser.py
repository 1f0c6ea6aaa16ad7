"""Parses a search query: words, and filters like `état:clos` or `avant:2026-03`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.db.models import Q

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.catalogue import gettext_noop
from calypso.base.french import Word, words_of
from calypso.base.i18n import gettext as _
from calypso.base.searching import WORDS_MAX
from calypso.base.text import fold
from calypso.base.validation import search_words
from calypso.search.index_terms import OPEN
from calypso.tickets.priorities import PRIORITIES
from calypso.tickets.workflow import OPEN_STATES, STATES, State


class Key(StrEnum):
    """A filter, by the name that is written before its colon."""

    PROJECT = gettext_noop("projet")
    COMPANY = gettext_noop("société")
    STATE = gettext_noop("état")
    PRIORITY = gettext_noop("priorité")
    AUTHOR = gettext_noop("auteur")
    ASSIGNEE = gettext_noop("intervenant")
    BEFORE = gettext_noop("avant")
    AFTER = gettext_noop("après")


HELP = {
    Key.PROJECT: gettext_noop("les tickets d'un projet"),
    Key.COMPANY: gettext_noop("les tickets d'une société"),
    Key.STATE: gettext_noop("les tickets d'un état, « ouvert » ou « clos »"),
    Key.PRIORITY: gettext_noop("les tickets d'une priorité"),
    Key.AUTHOR: gettext_noop("les tickets que quelqu'un a déclarés"),
    Key.ASSIGNEE: gettext_noop("les tickets confiés à quelqu'un"),
    Key.BEFORE: gettext_noop("créés avant un jour, un mois ou une année"),
    Key.AFTER: gettext_noop("créés à partir d'un jour, d'un mois ou d'une année"),
}
TEAM_KEYS = {Key.ASSIGNEE}
OPEN_WORD, CLOSED_WORD = gettext_noop("ouvert"), gettext_noop("clos")
_TOKEN = re.compile(r'(?:([^\W\d_]+):)?("[^"]*"?|[^\s"]+)')
_COLUMNS = {
    Key.PROJECT: "project__search_text__contains",
    Key.COMPANY: "organization__search_text__contains",
    Key.AUTHOR: "author__search_text__contains",
    Key.ASSIGNEE: "assignee__search_text__contains",
}


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A parsed query: its words, and the filters as a condition (`narrowing`) and as groups of terms (`groups`).

    `problems` lists the messages about filters that match nothing known. `unfinished`: the text ends with a word, which
    may be the start of a longer one.
    """

    text: str
    words: Sequence[Word] = ()
    narrowing: Q = field(default_factory=Q)
    groups: Sequence[frozenset[str]] = ()
    problems: Sequence[str] = ()
    unfinished: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.narrowing or self.groups)


def keys_for(viewer: User) -> dict[str, Key]:
    """Returns the filters that `viewer` may use, by their folded names in French and in the current language."""
    several = not viewer.is_client or len(viewer.organization_ids) > 1
    keys = [key for key in Key if not (viewer.is_client and key in TEAM_KEYS) and (several or key is not Key.COMPANY)]
    return {fold(key.value): key for key in keys} | {fold(_(key.value)): key for key in keys}


def parse_query(viewer: User, text: str) -> ParsedQuery:
    """Returns the parsed query. Raises Invalid for a text that cannot be searched for."""
    text = search_words(text)
    keys_by_name = keys_for(viewer)
    free: list[str] = []
    narrowing, groups, problems = Q(), [], []
    unfinished = False
    for token in _TOKEN.finditer(text):
        key = keys_by_name.get(fold(token[1])) if token[1] else None
        value = fold(token[2].strip('"')).strip()
        unfinished = key is None
        if key is None:
            free.append(token[0])
        elif value:
            condition = _condition_of(key, value)
            if condition is None:
                problems.append(_("« %(filter)s » ne désigne rien de connu.") % {"filter": token[0]})
                continue
            narrowing &= condition
            if key is Key.STATE and condition == _states(OPEN_STATES):
                groups.append(frozenset({OPEN}))
    words = list(words_of(" ".join(free)))[:WORDS_MAX]
    return ParsedQuery(text, words, narrowing, groups, problems, unfinished)


def _condition_of(key: Key, value: str) -> Q | None:
    """Returns the condition of a filter on tickets; None when its value is unknown."""
    if key in _COLUMNS:
        condition = Q()
        for word in value.split():
            condition &= Q(**{_COLUMNS[key]: word})
        return condition
    if key is Key.STATE:
        return _state(value)
    if key is Key.PRIORITY:
        values = [priority.value for priority, (label, _tone) in PRIORITIES.items() if _is_start(value, label)]
        return Q(priority__in=values) if values else None
    since = parse_day(value)
    if since is None:
        return None
    start = clock.start_of(since)
    return Q(created_at__lt=start) if key is Key.BEFORE else Q(created_at__gte=start)


def _state(value: str) -> Q | None:
    if _is_start(value.removesuffix("s"), OPEN_WORD):
        return _states(OPEN_STATES)
    if _is_start(value, CLOSED_WORD):
        return Q(state=State.CLOSED)
    states = {
        state for state, facts in STATES.items() if _is_start(value, facts.label) or _is_start(value, facts.short)
    }
    return _states(states) if states else None


def _states(states: set[State] | frozenset[State]) -> Q:
    return Q(state__in=sorted(state.value for state in states))


def _is_start(value: str, label: str) -> bool:
    """Returns whether a value is the start of a label, in French or in the current language."""
    return fold(label).startswith(value) or fold(_(label)).startswith(value)


def parse_day(value: str) -> date | None:
    """Returns the first day of a year, a month or a day, written 2026, 2026-03, 2026-03-15, 03/2026 or 15/03/2026.

    None for anything else, and before the year 1000: no ticket is so old, and the first years cannot be converted to
    UTC.
    """
    parts = value.split("/")[::-1] if "/" in value else value.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts) or not 1 <= len(parts) <= 3 or len(parts[0]) != 4:
        return None
    if parts[0] < "1000" or any(len(part) > 2 for part in parts[1:]):
        return None
    try:
        return date(*(int(part) for part in [*parts, "1", "1"][:3]))
    except ValueError:
        return None
