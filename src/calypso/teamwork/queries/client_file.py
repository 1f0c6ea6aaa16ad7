"""What the team sees of a client: the tickets of a person or of a company, the projects that they see, its notes."""

from collections.abc import Sequence
from dataclasses import dataclass

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import Organization, User
from calypso.projects.models import Project
from calypso.projects.queries import current_projects
from calypso.teamwork.access import client_notes_for, may_remove_note
from calypso.teamwork.models import ClientNote
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import State

MOST = 8  # tickets, and projects, that a page lists; the queue has the others


@dataclass(frozen=True, slots=True)
class ClientFile:
    """The tickets that moved last, how many are open, the current projects, and the team's notes, newest first.

    Each note comes with whether the viewer may delete it.
    """

    tickets: Sequence[Ticket]
    open_tickets: int
    projects: Sequence[Project]
    notes: Sequence[tuple[ClientNote, bool]]


def person_file(viewer: User, person: User) -> ClientFile:
    """Returns the file of a contact: the tickets of which they are the author, the projects that they see."""
    return _file(viewer, {"author": person}, {"person": person}, list(current_projects(person)[:MOST]))


def organization_file(viewer: User, organization: Organization) -> ClientFile:
    """Returns the file of a company: its tickets. Its projects have a list of their own."""
    return _file(viewer, {"organization": organization}, {"organization": organization}, [])


def _file(viewer: User, whose: dict[str, object], about: dict[str, object], projects: Sequence[Project]) -> ClientFile:
    require(viewer, Capability.SEE_ALL)
    tickets = tickets_for(viewer).filter(**whose)
    newest = tickets.select_related("project").order_by("-activity_at", "-id")
    notes = [(note, may_remove_note(viewer, note)) for note in client_notes_for(viewer).filter(**about)]
    return ClientFile(list(newest[:MOST]), tickets.exclude(state=State.CLOSED).count(), projects, notes)
