"""Completions of a search query while it is typed: the names of filters, then their values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from calypso.accounts.access import organizations_for, people_for
from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.i18n import gettext as _
from calypso.base.searching import holding
from calypso.base.text import fold
from calypso.projects.queries import current_projects
from calypso.search.query_parser import CLOSED_WORD, HELP, OPEN_WORD, Key, keys_for
from calypso.tickets.priorities import PRIORITIES
from calypso.tickets.workflow import STATES

MOST = 8
_LAST = re.compile(r'(?:^|\s)(([^\W\d_]+):)?("[^"]*|[^\s"]*)$')


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: the text of the completed query, the label of what is added, and its help text."""

    text: str
    label: str
    help: str = ""


def suggestions(viewer: User, text: str) -> Sequence[Suggestion]:
    """Returns at most eight completions of the end of a query: names of filters, or values of the filter typed."""
    last = _LAST.search(text)
    if last is None:
        return []
    keys_by_name = keys_for(viewer)
    before = text[: last.start(1) if last[1] else last.start(3)]
    key = keys_by_name.get(fold(last[2])) if last[2] else None
    if key is not None:
        return [_value(before, key, value) for value in _values(viewer, key, fold(last[3].strip('"')))][:MOST]
    start = fold(last[3])
    if last[2] or (text.strip() and len(start) < 2):
        return []
    keys = {key: _(key.value) for key in dict.fromkeys(keys_by_name.values())}
    matches = {
        key: name for key, name in keys.items() if fold(name).startswith(start) or fold(key.value).startswith(start)
    }
    return [Suggestion(f"{before}{name}:", f"{name}:", _(HELP[key])) for key, name in matches.items()]


def _value(before: str, key: Key, value: str) -> Suggestion:
    quoted = f'"{value}"' if " " in value else value
    return Suggestion(f"{before}{_(key.value)}:{quoted} ", f"{_(key.value)}:{quoted}")


def _values(viewer: User, key: Key, start: str) -> Iterator[str]:
    """Yields the values of a filter that `viewer` may know of and that start with `start`, or contain it for names."""
    if key is Key.STATE:
        words = [_(OPEN_WORD), _(CLOSED_WORD), *(_(facts.short).lower() for facts in STATES.values())]
        yield from (word for word in dict.fromkeys(words) if fold(word).startswith(start))
    elif key is Key.PRIORITY:
        labels = [_(label).lower() for label, _tone in PRIORITIES.values()]
        yield from (label for label in labels if fold(label).startswith(start))
    elif key in (Key.BEFORE, Key.AFTER):
        today = clock.today()
        days = [today, today - timedelta(days=7), today - timedelta(days=30), today.replace(month=1, day=1)]
        yield from (day.isoformat() for day in dict.fromkeys(days) if day.isoformat().startswith(start))
    elif key is Key.PROJECT:
        yield from (project.name for project in holding(current_projects(viewer), start, "search_text")[:MOST])
    elif key is Key.COMPANY:
        companies = organizations_for(viewer).filter(kind="client").order_by("name")
        yield from (company.name for company in holding(companies, start)[:MOST])
    else:
        people = people_for(viewer).filter(active=True)
        yield from (person.full_name for person in _people_matching(people, key, start))


def _people_matching(people: QuerySet[User], key: Key, start: str) -> QuerySet[User]:
    kind = User.Kind.STAFF if key is Key.ASSIGNEE else User.Kind.CLIENT
    return holding(people.filter(kind=kind).order_by("last_name", "first_name"), start)[:MOST]
