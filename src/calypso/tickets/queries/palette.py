"""What the command palette finds while one types: open tickets, projects, companies; any ticket by its reference."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from calypso.accounts import access as accounts
from calypso.accounts.models import Organization, User
from calypso.base.errors import Forbidden
from calypso.base.text import fold
from calypso.base.validation import search_words
from calypso.projects.models import Project
from calypso.projects.queries import current_projects
from calypso.tickets.models import Ticket
from calypso.tickets.queries.desk import QueueFilters, matching, named

MOST = 6  # of each


@dataclass(frozen=True, slots=True)
class Found:
    """The first things that answer to some words."""

    tickets: list[Ticket] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)


def find(viewer: User, text: str) -> Found:
    """What a member of the team may open under these words; nothing for no word. Raises Forbidden to clients."""
    if viewer.is_client:
        raise Forbidden
    words = search_words(text)
    if not words:
        return Found()
    by_reference = named(viewer, [words.upper()])
    known = {ticket.pk for ticket in by_reference}
    tickets = [ticket for ticket in matching(viewer, QueueFilters(words=words), MOST) if ticket.pk not in known]
    return Found(
        [*by_reference, *tickets][:MOST],
        _holding(words, current_projects(viewer), lambda row: f"{row.name} {row.organization.name}"),
        _holding(
            words, accounts.organizations_for(viewer).filter(kind="client").order_by("name"), lambda row: row.name
        ),
    )


def _holding[Row](words: str, rows: Iterable[Row], name: Callable[[Row], str]) -> list[Row]:
    """The first rows whose name holds every word, whatever its accents."""
    asked = [fold(word) for word in words.split()]
    return [row for row in rows if all(word in fold(name(row)) for word in asked)][:MOST]
