"""The results of the command palette while its query is typed: tickets, projects, companies, contacts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from calypso.accounts import access as accounts
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import Organization, User
from calypso.accounts.queries import find_contacts
from calypso.base.errors import Forbidden
from calypso.base.searching import holding
from calypso.base.validation import search_words
from calypso.projects.models import Project
from calypso.projects.queries import current_projects
from calypso.search.results import Hit, search_page

MOST = 6  # results of each kind


@dataclass(frozen=True, slots=True)
class FoundClients:
    """The first projects, companies and contacts that answer to words."""

    projects: list[Project] = field(default_factory=list)
    organizations: list[Organization] = field(default_factory=list)
    contacts: list[User] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found(FoundClients):
    """The first results of each kind, tickets included."""

    tickets: Sequence[Hit] = field(default_factory=list)


def find(viewer: User, text: str) -> Found:
    """Returns what matches `text` among what a team member may open; nothing for an empty text.

    Raises Forbidden for clients.
    """
    if viewer.is_client:
        raise Forbidden
    words = search_words(text)
    if not words:
        return Found()
    clients = find_clients(viewer, words)
    tickets = search_page(viewer, words, size=MOST).hits
    return Found(clients.projects, clients.organizations, clients.contacts, tickets)


def find_clients(viewer: User, text: str) -> FoundClients:
    """Returns the projects, companies and contacts that match `text`, from which a ticket or a filter may start.

    For the team; nothing for an empty text, no contact for who may not see them all. Raises Forbidden for clients.
    """
    if viewer.is_client:
        raise Forbidden
    words = search_words(text)
    if not words:
        return FoundClients()
    return FoundClients(
        list(holding(current_projects(viewer), words, "search_text", "organization__search_text")[:MOST]),
        list(holding(accounts.organizations_for(viewer).filter(kind="client"), words)[:MOST]),
        find_contacts(viewer, words)[:MOST] if accounts.may(viewer, Capability.SEE_ALL) else [],
    )
