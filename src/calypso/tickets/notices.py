"""Chooses the recipients of mails about tickets and enqueues the mails: event → kind → parts → people.

Each recipient gets one message; the author of the action gets none, except that the creation mail is also its author's
acknowledgement (decision 14). Clients are written to as the guide does; the team gets facts and a link to the desk; all
the mails of a ticket have the same subject (decision 28). A person to whom the ticket is not visible gets nothing:
visibility is checked here and again when the mail is sent. A follower of a ticket gets the mails of their side (client
or team), a person who muted it only the kinds in `MUST`, and a team member whom a colleague mentions gets the text that
mentions them.
"""

import re
from collections.abc import Iterable
from enum import Enum, auto
from typing import Any

from django.conf import settings

from calypso.accounts.access import may
from calypso.accounts.capabilities import Capability, Role
from calypso.accounts.models import Team, TeamMember, User
from calypso.accounts.notices import person_there, recipient
from calypso.accounts.senders import sender_of
from calypso.base.catalogue import gettext_noop
from calypso.base.reply_addresses import Tone, reply_address
from calypso.internals.compiled_query import CompiledQuery
from calypso.outbox import kinds
from calypso.outbox.enqueue import MailRequest, enqueue
from calypso.outbox.kinds import Choice, Envelope, Kind
from calypso.projects.access import viewer_ids
from calypso.tickets import act_links
from calypso.tickets.access import team_sees, tickets_for
from calypso.tickets.audience import AUDIENCES, MUST, Part, parts_told, tells_clients, tells_team
from calypso.tickets.models import Ticket, TicketEvent, TicketFollow

LABELS = {
    "tickets.opened": gettext_noop("Création d'un ticket"),
    "tickets.taken": gettext_noop("Prise en charge d'un ticket"),
    "tickets.assigned": gettext_noop("Affectation d'un ticket"),
    "tickets.waiting": gettext_noop("Attente de complément"),
    "tickets.processed": gettext_noop("Ticket traité"),
    "tickets.client_comment": gettext_noop("Commentaire du client"),
    "tickets.returned": gettext_noop("Ticket retourné"),
    "tickets.returned_internally": gettext_noop("Retour de recette interne"),
    "tickets.closed": gettext_noop("Ticket clôturé"),
    "tickets.vendor_comment": gettext_noop("Commentaire de l'équipe"),
    "tickets.rd": gettext_noop("Attente R&D"),
    "tickets.follow_up": gettext_noop("Suivi chef de projet"),
    "tickets.mention": gettext_noop("Mention de votre nom"),
    "tickets.reminder": gettext_noop("Rappel d'un ticket"),
    "tickets.unanswered": gettext_noop("Ticket sans réponse du client"),
}


# Mails whose recipients are not chosen by part, as (to clients, to the team): a mention goes to the team member named.
_SIDES_BY_KIND = {"tickets.mention": (False, True)}


def register_kinds() -> None:
    """Registers the mail kinds about tickets with the outbox."""
    kinds.register(
        *(Kind(key, label, sees_ticket, links=act_links.fill_in, choice=_choice(key)) for key, label in LABELS.items())
    )


def _choice(key: str) -> Choice:
    """Returns who may set a notification preference for the kind: the sides that `AUDIENCES` names."""
    client, staff = _SIDES_BY_KIND.get(key) or (tells_clients(key), tells_team(key))
    return Choice(client=client, staff=staff, must=key in MUST)


def sees_ticket(envelope: Envelope) -> bool:
    """Returns whether the ticket is still visible to the recipient of the mail (R8, R77)."""
    person = person_there(envelope)
    reference = envelope.about.removeprefix("ticket:")
    return person is not None and tickets_for(person).filter(reference=reference).exists()


def tell(kind: str, ticket: Ticket, event: TicketEvent, contact_ids: set[int] | None = None, *, wait: int = 0) -> None:
    """Enqueues the mail `kind` about `event` for every recipient that `AUDIENCES` names.

    `ticket` must come with its project's people (`bring_people`). `contact_ids` holds the ids of the contacts to whom
    the project is visible, when the caller has them already. The mails leave after `wait` seconds.
    """
    phase, assigned = ticket.project.phase, bool(ticket.assignee and ticket.assignee.active)
    requests = []
    contexts = _contexts(ticket, event)
    contact_ids = viewer_ids(ticket.project) if contact_ids is None else contact_ids
    recipients = people_told(ticket, parts_told(kind, phase=phase, assigned=assigned), contact_ids)
    opening = kind == "tickets.opened"
    watches: list[TicketFollow] = [] if opening else _WATCHES.fetch(ticket.pk)  # nobody follows it yet
    muted = {watch.person_id for watch in watches if watch.muted} if kind not in MUST else set()
    for watch in watches:
        if not watch.muted and _concerns(kind, watch.person) and tells(ticket, watch.person, contact_ids):
            recipients.setdefault(watch.person, Part.FOLLOWER)
    recipients = {person: part for person, part in recipients.items() if person.pk not in muted}
    for person, part in recipients.items():
        # The mail of an opening greets each recipient by name.
        context = contexts[_side(person)]
        context = {**context, "person": person, "part": part} if opening else context
        acknowledges = opening and person.pk == ticket.author_id
        requests.append(_letter(kind, ticket, event, person, context, wait, acknowledges=acknowledges))
    mentioned_people = [
        person for person in people_named(event) if person not in recipients and tells(ticket, person, contact_ids)
    ]
    requests += [
        _letter("tickets.mention", ticket, event, person, contexts[_side(person)], wait) for person in mentioned_people
    ]
    enqueue(requests)


_WATCHES = CompiledQuery(lambda ticket_id: TicketFollow.objects.filter(ticket_id=ticket_id).select_related("person"))


def tell_named(ticket: Ticket, event: TicketEvent) -> None:
    """Enqueues the mention mail for the team members whom an internal note mentions, and for nobody else (R11)."""
    people = [person for person in people_named(event) if tells(ticket, person, set())]
    contexts = _contexts(ticket, event)
    enqueue([_letter("tickets.mention", ticket, event, person, contexts[_side(person)]) for person in people])


def people_named(event: TicketEvent) -> list[User]:
    """Returns the team members whom a colleague mentions by « @Prénom NOM » or by « @ » and the name of a team.

    Each is listed once, and the author of the text is left out. Mentions written by clients are ignored.
    """
    if event.actor is None or event.actor.is_client or "@" not in event.body:
        return []
    body = event.body.casefold()

    def is_mentioned(name: str) -> bool:
        return bool(re.search(rf"@{re.escape(name.casefold())}(?!\w)", body))

    team_ids = [team.pk for team in Team.objects.all() if is_mentioned(team.name)]
    of_teams = set(TeamMember.objects.filter(team__in=team_ids).values_list("user_id", flat=True))
    staff = [person for person in User.objects.filter(kind=User.Kind.STAFF, active=True) if person.pk != event.actor_id]
    return [person for person in staff if person.pk in of_teams or is_mentioned(person.full_name)]


def tells(ticket: Ticket, person: User, contact_ids: set[int]) -> bool:
    """Returns whether `person` is active and the ticket is visible to them now.

    `contact_ids` holds the ids of the contacts to whom the project is visible.
    """
    return person.pk in contact_ids if person.is_client else team_sees(person, ticket)


def _concerns(kind: str, person: User) -> bool:
    """Returns whether followers of a ticket get this kind.

    A client gets what the part `FOLLOWER` (the person in copy) gets, a team member what any part of the team gets.
    """
    return Part.FOLLOWER in AUDIENCES[kind] if person.is_client else tells_team(kind)


def _letter(
    kind: str,
    ticket: Ticket,
    event: TicketEvent,
    person: User,
    context: dict[str, Any],
    wait: int = 0,
    *,
    acknowledges: bool = False,
) -> MailRequest:
    return MailRequest(
        kind,
        recipient(person),
        f"ticket:{ticket.reference}",
        f"event:{event.key}",
        context,
        f"ticket.{ticket.reference}",
        f"/tickets/{ticket.reference}/" if person.is_client else f"/equipe/tickets/{ticket.reference}/",
        actor=event.actor.key if event.actor and not acknowledges else "",
        subject=subject_of(ticket),
        wait=wait,
        sender=sender_of([ticket.assignee, ticket.project.vendor_manager]),
        reply_to=reply_address(ticket.reference, person.key, Tone.INTERNAL if event.internal else Tone.PUBLIC),
    )


def subject_of(ticket: Ticket) -> str:
    """Returns the subject of all the mails of a ticket (decision 28)."""
    return f"[{ticket.reference}] {ticket.title}"


def people_told(ticket: Ticket, parts: Iterable[Part], contact_ids: set[int] | None = None) -> dict[User, Part]:
    """Returns the active people who have these parts and to whom the ticket is visible, by first matching part.

    `contact_ids` holds the ids of the contacts to whom the project is visible, when the caller has them already.
    """
    project = ticket.project
    people_by_part: dict[Part, list[User | None]] = {
        Part.AUTHOR: [ticket.author],
        Part.CLIENT_MANAGER: [project.client_manager],
        Part.FOLLOWER: [ticket.follower],
        Part.VENDOR_MANAGER: [project.vendor_manager],
        Part.ASSIGNEE: [ticket.assignee],
        Part.SETUP_AGENT: [project.setup_agent],
        Part.SUPPORT: [project.support],
    }
    part_list = list(parts)
    if Part.RD in part_list:
        people_by_part[Part.RD] = list(_team_with(Role.RD))
    if Part.SUPPORT in part_list and not (project.support and project.support.active):
        people_by_part[Part.SUPPORT] = list(_team_with(Role.SUPPORT))
    contact_ids = viewer_ids(project) if contact_ids is None else contact_ids
    recipients: dict[User, Part] = {}
    for part in part_list:
        for person in people_by_part[part]:
            if person is not None and person.active and (not person.is_client or person.pk in contact_ids):
                recipients.setdefault(person, part)
    return recipients


def _team_with(role: Role) -> Iterable[User]:
    return User.objects.filter(kind=User.Kind.STAFF, active=True, **{f"role_{role.value}": True})


class _Side(Enum):
    """To whom a mail speaks: clients, the team, those of the team whose answers are notes (decision 4)."""

    CLIENT = auto()
    TEAM = auto()
    INSIDE = auto()


def _side(person: User) -> _Side:
    if person.is_client:
        return _Side.CLIENT
    return _Side.TEAM if may(person, Capability.WORK) else _Side.INSIDE


def _contexts(ticket: Ticket, event: TicketEvent) -> dict[_Side, dict[str, Any]]:
    """Returns the context of the templates for each side."""
    answerable = event.is_public_comment and event.actor is not None and not event.actor.is_client
    context = {
        "ticket": ticket,
        "project": ticket.project,
        "organization": ticket.organization,
        "event": event,
        "actor": event.actor,
        "comment": event.body,
        "answers": bool(settings.REPLY_ADDRESS) and ticket.is_open,
        "acts": act_links.links_of(ticket, answerable=answerable),
    }
    return {
        side: {**context, "team": side is not _Side.CLIENT, "inside": event.internal or side is _Side.INSIDE}
        for side in _Side
    }
