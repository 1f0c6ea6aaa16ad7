"""Mails about tickets: event → kind → parts → people, one message a person, never to the author of the act.

The creation mail is the exception: its author gets the acknowledgement (decision 14). A person without sight of the
ticket gets nothing, now and at the moment of sending.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from calypso.accounts.capabilities import Role
from calypso.accounts.models import User
from calypso.accounts.notices import person_there, recipient
from calypso.base.marks import mark
from calypso.outbox.kinds import Envelope
from calypso.outbox.post import Letter, post
from calypso.projects.access import viewers_of
from calypso.projects.models import Project
from calypso.tickets.access import tickets_for
from calypso.tickets.audience import Part, parts_told
from calypso.tickets.models import Ticket, TicketEvent

LABELS = {
    "tickets.opened": mark("Création d'un ticket"),
    "tickets.taken": mark("Prise en charge d'un ticket"),
    "tickets.assigned": mark("Affectation d'un ticket"),
    "tickets.waiting": mark("Attente de complément"),
    "tickets.processed": mark("Ticket traité"),
    "tickets.client_comment": mark("Commentaire du client"),
    "tickets.returned": mark("Ticket retourné"),
    "tickets.returned_internally": mark("Retour de recette interne"),
    "tickets.closed": mark("Ticket clôturé"),
    "tickets.vendor_comment": mark("Commentaire de l'équipe"),
    "tickets.rd": mark("Attente R&D"),
    "tickets.follow_up": mark("Suivi chef de projet"),
}


def sees_ticket(envelope: Envelope) -> bool:
    """Whether the person whom the mail is for still sees the ticket (R8, R77)."""
    person = person_there(envelope)
    reference = envelope.about.removeprefix("ticket:")
    return person is not None and tickets_for(person).filter(reference=reference).exists()


def tell(kind: str, ticket: Ticket, event: TicketEvent) -> None:
    """Posts the mail `kind` about `event` to all that the table names. `ticket` comes with its project's people."""
    phase, assigned = ticket.project.phase, bool(ticket.assignee and ticket.assignee.active)
    context = _context(ticket, event)
    letters = []
    for person, part in people_told(ticket, parts_told(kind, phase=phase, assigned=assigned)).items():
        acknowledged = kind == "tickets.opened" and person.pk == ticket.author_id
        if person.pk != event.actor_id or acknowledged:
            letters.append(_letter(kind, ticket, event, person, {**context, "part": part}))
    post(letters)


def _letter(kind: str, ticket: Ticket, event: TicketEvent, person: User, context: dict[str, Any]) -> Letter:
    return Letter(
        kind,
        recipient(person),
        f"ticket:{ticket.reference}",
        f"event:{event.key}",
        {**context, "person": person},
        thread=f"ticket.{ticket.reference}",
    )


def sighted_of(project: Project) -> set[int]:
    """The contacts who see a project."""
    return set(viewers_of(project).values_list("pk", flat=True))


def people_told(ticket: Ticket, parts: Iterable[Part], sighted: set[int] | None = None) -> dict[User, Part]:
    """The people who play these parts and see the ticket, each once, with the first part that names them.

    `sighted` are the contacts who see its project, when the caller knows them already.
    """
    project = ticket.project
    played: dict[Part, list[User | None]] = {
        Part.AUTHOR: [ticket.author],
        Part.CLIENT_MANAGER: [project.client_manager],
        Part.FOLLOWER: [ticket.follower],
        Part.VENDOR_MANAGER: [project.vendor_manager],
        Part.ASSIGNEE: [ticket.assignee],
        Part.SETUP_AGENT: [project.setup_agent],
        Part.SUPPORT: [project.support],
    }
    wanted = list(parts)
    if Part.RD in wanted:
        played[Part.RD] = list(_team_with(Role.RD))
    if Part.SUPPORT in wanted and not (project.support and project.support.active):
        played[Part.SUPPORT] = list(_team_with(Role.SUPPORT))
    sighted = sighted_of(project) if sighted is None else sighted
    told: dict[User, Part] = {}
    for part in wanted:
        for person in played[part]:
            if person is not None and person.active and (not person.is_client or person.pk in sighted):
                told.setdefault(person, part)
    return told


def _team_with(role: Role) -> Iterable[User]:
    return User.objects.filter(kind=User.Kind.STAFF, active=True, **{f"role_{role.value}": True})


def _context(ticket: Ticket, event: TicketEvent) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "project": ticket.project,
        "organization": ticket.organization,
        "event": event,
        "actor": event.actor,
        "comment": event.body,
        "url": f"{settings.SITE_URL}/tickets/{ticket.reference}/",
    }
