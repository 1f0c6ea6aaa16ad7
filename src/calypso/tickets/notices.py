"""Mails about tickets: event → kind → parts → people, one message a person, never to the author of the act.

The creation mail is the exception: its author gets the acknowledgement (decision 14). A person without sight of the
ticket gets nothing, now and at the moment of sending.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from calypso.accounts.capabilities import Role
from calypso.accounts.models import User
from calypso.accounts.notices import recipient
from calypso.base.errors import Forbidden
from calypso.base.marks import mark
from calypso.outbox import kinds
from calypso.outbox.kinds import Envelope, Kind
from calypso.outbox.post import Letter, post
from calypso.outbox.rendering import Message, rendered
from calypso.projects.access import viewers_of
from calypso.projects.models import Project
from calypso.tickets.access import batches_for, phase_changes_for, tickets_for
from calypso.tickets.audience import Part, parts_told
from calypso.tickets.models import Batch, PhaseChange, Ticket, TicketEvent

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


def _sees_ticket(envelope: Envelope) -> bool:
    person = User.objects.filter(key=envelope.recipient_key, active=True, email=envelope.recipient).first()
    reference = envelope.about.removeprefix("ticket:")
    return person is not None and tickets_for(person).filter(reference=reference).exists()


BATCH_LABELS = {
    "tickets.batch": mark("Lot à vérifier"),
    "tickets.batch_finished": mark("Lot vérifié"),
    "tickets.batch_held": mark("Lot non publié"),
}

PHASE_LABELS = {
    "tickets.phase_proposed": mark("Changement de phase à approuver"),
    "tickets.phase_done": mark("Changement de phase"),
    "tickets.phase_refused": mark("Changement de phase refusé"),
}


def _sees_change(envelope: Envelope) -> bool:
    person = User.objects.filter(key=envelope.recipient_key, active=True, email=envelope.recipient).first()
    changes = phase_changes_for(person) if person else PhaseChange.objects.none()
    return changes.filter(key=envelope.about.removeprefix("phase:")).exists()


def _sees_batch(envelope: Envelope) -> bool:
    person = User.objects.filter(key=envelope.recipient_key, active=True, email=envelope.recipient).first()
    return person is not None and batches_for(person).filter(key=envelope.about.removeprefix("batch:")).exists()


def register_kinds() -> None:
    """Declares the mails of tickets, batches and changes of phase to the outbox."""
    kinds.register(*(Kind(key, label, _sees_ticket) for key, label in LABELS.items()))
    kinds.register(*(Kind(key, label, _sees_batch) for key, label in BATCH_LABELS.items()))
    kinds.register(*(Kind(key, label, _sees_change) for key, label in PHASE_LABELS.items()))


def tell(kind: str, ticket: Ticket, event: TicketEvent) -> None:
    """Posts the mail `kind` about `event` to all that the table names. `ticket` comes with its project's people."""
    phase, assigned = ticket.project.phase, bool(ticket.assignee and ticket.assignee.active)
    context = _context(ticket, event)
    letters = []
    for person, part in _people(ticket, parts_told(kind, phase=phase, assigned=assigned)).items():
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


def _sighted(project: Project) -> set[int]:
    return set(viewers_of(project).values_list("pk", flat=True))


def _people(ticket: Ticket, parts: Iterable[Part], sighted: set[int] | None = None) -> dict[User, Part]:
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
    sighted = _sighted(project) if sighted is None else sighted
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


def batch_readers(project: Project, tickets: Sequence[Ticket]) -> dict[User, list[Ticket]]:
    """Who is told of these tickets of a project, and of which: those whom each alone would be announced to."""
    sighted, told = _sighted(project), defaultdict(list)
    for ticket in tickets:
        ticket.project = project
        parts = parts_told("tickets.processed", phase=project.phase, assigned=ticket.assignee_id is not None)
        for person in _people(ticket, parts, sighted):
            told[person].append(ticket)
    return dict(told)


def batch_letter(batch: Batch, person: User, tickets: Sequence[Ticket]) -> Letter:
    """The mail that publishes a batch, as one person gets it."""
    return _batch_letter("tickets.batch", batch, person, f"batch:{batch.key}", f"/lots/{batch.key}/", tickets=tickets)


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would get the mail of a batch, and that mail as the first of them would read it; None without a reader."""

    readers: list[User]
    message: Message | None


def batch_preview(viewer: User, batch: Batch, tickets: Sequence[Ticket]) -> Preview:
    """The mail that publishing these tickets would send now. For the team. Writes nothing."""
    if viewer.is_client:
        raise Forbidden
    readers = {who: theirs for who, theirs in batch_readers(batch.project, tickets).items() if who.pk != viewer.pk}
    letters = [batch_letter(batch, who, theirs) for who, theirs in readers.items()]
    first = letters[0] if letters else None
    return Preview(list(readers), rendered(first.kind, first.to.language, first.context) if first else None)


def tell_published(batch: Batch, tickets: Sequence[Ticket], by: User) -> None:
    """Posts one mail a person for all the tickets of a batch that concern them, never to who published it."""
    readers = batch_readers(batch.project, tickets)
    post([batch_letter(batch, person, theirs) for person, theirs in readers.items() if person.pk != by.pk])


def tell_finished(batch: Batch, project: Project, event: TicketEvent) -> None:
    """Tells both project managers that every ticket of the batch is decided, with its record."""
    batch.project = project
    for person in filter(None, (project.client_manager, project.vendor_manager)):
        if person.active:
            page = f"/lots/{batch.key}/pv/"
            post([_batch_letter("tickets.batch_finished", batch, person, f"event:{event.key}", page)])


def tell_held(batch: Batch, words: str) -> None:
    """Tells who planned the batch, and the project manager of the team, why it did not leave."""
    event, page = f"batch:{batch.key}:{batch.version}", f"/equipe/lots/{batch.key}/"
    people = {person.pk: person for person in (batch.author, batch.project.vendor_manager) if person.active}
    post([_batch_letter("tickets.batch_held", batch, one, event, page, words=words) for one in people.values()])


def _batch_letter(kind: str, batch: Batch, person: User, event: str, page: str, **more: Any) -> Letter:
    context = {
        "batch": batch,
        "project": batch.project,
        "organization": batch.project.organization,
        "person": person,
        "url": settings.SITE_URL + page,
        **more,
    }
    return Letter(kind, recipient(person), f"batch:{batch.key}", event, context, thread=f"batch.{batch.key}")


def tell_proposed(change: PhaseChange, by: User) -> None:
    """Asks the project managers who have not agreed yet."""
    project = change.project
    asked = [] if change.vendor_agreed_at else [project.vendor_manager]
    _post_change("tickets.phase_proposed", change, by, [project.client_manager, *asked])


def tell_phase_ended(change: PhaseChange, kind: str, by: User) -> None:
    """Tells how a change of phase ended: the managers, its author, and when it is done those who take over."""
    project = change.project
    people = [project.client_manager, project.vendor_manager, change.author]
    if kind == "tickets.phase_done":
        people += [project.support if project.is_live else project.setup_agent]
    _post_change(kind, change, by, people)


def _post_change(kind: str, change: PhaseChange, by: User, people: Sequence[User | None]) -> None:
    told = {person.pk: person for person in people if person is not None and person.active and person.pk != by.pk}
    letters = []
    for person in told.values():
        page = f"/projets/{change.project.key}/bascule/"
        context = {
            "change": change,
            "project": change.project,
            "organization": change.project.organization,
            "target": str(Project.Phase(change.phase).label),
            "by": by,
            "person": person,
            "url": settings.SITE_URL + (page if person.is_client else f"/equipe{page}"),
        }
        letters.append(Letter(kind, recipient(person), f"phase:{change.key}", f"{kind}:{change.key}", context))
    post(letters)
