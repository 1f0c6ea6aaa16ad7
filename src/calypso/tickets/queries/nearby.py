"""Tickets that may speak of the same thing: same project, words of the title in common, or the same page."""

import re
from typing import Any

from django.db.models import Case, IntegerField, Value, When

from calypso.accounts.models import User
from calypso.base.text import TITLE_MAX, URL_MAX, fold
from calypso.base.validation import Input
from calypso.projects.models import Project
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Ticket

MOST = 5
WORDS = 6  # the longest words of a title: they tell more than the others
SHORTEST = 4
SAME_PAGE = 2  # weighs as much as two words


def nearby(viewer: User, *, project: Project, title: str, page_url: str = "", but: int = 0) -> list[Ticket]:
    """The nearest tickets of a project that the person sees, open or closed, at most five, the nearest first.

    Near: two words in common, the only word of the title, or the page. `but` is the ticket one is reading. One query.
    Raises Invalid for a title or an address that a ticket could not hold.
    """
    checked = Input()
    title = checked.line("title", title, TITLE_MAX)
    page_url = checked.line("page_url", page_url, URL_MAX)
    checked.done()
    found = {word for word in re.findall(r"\w+", fold(title)) if len(word) >= SHORTEST}
    words = sorted(found, key=lambda word: (-len(word), word))[:WORDS]
    if not words and not page_url:
        return []
    score = sum((_worth(1, search_text__contains=word) for word in words), start=_worth(SAME_PAGE, page_url=page_url))
    least = min(2, len(words)) or SAME_PAGE
    rows = tickets_for(viewer).filter(project=project).exclude(pk=but).annotate(nearness=score)
    return list(rows.filter(nearness__gte=least).order_by("-nearness", "-activity_at", "-id")[:MOST])


def _worth(points: int, **what: str) -> Any:
    """`points` for a ticket of which this holds; an empty value holds for none."""
    if not all(what.values()):
        return Value(0, output_field=IntegerField())
    return Case(When(**what, then=Value(points)), default=Value(0), output_field=IntegerField())
