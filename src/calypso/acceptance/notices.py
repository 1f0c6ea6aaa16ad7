"""Mails about batches: publication, one mail per person for all their tickets; its preview; outcome (decision 12)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calypso.acceptance.access import batches_for
from calypso.acceptance.models import Batch
from calypso.accounts.models import User
from calypso.accounts.notices import person_there, recipient
from calypso.base.catalogue import gettext_noop
from calypso.base.errors import Forbidden
from calypso.outbox import kinds
from calypso.outbox.enqueue import MailRequest, enqueue
from calypso.outbox.kinds import Choice, Envelope, Kind
from calypso.outbox.rendering import Message, rendered
from calypso.projects.access import viewer_ids
from calypso.projects.models import Project
from calypso.tickets.audience import parts_told
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.notices import people_told
from calypso.tickets.queries.revocable import mail_wait
from calypso.tickets.workflow import STEPS, StepName

_KINDS = {
    "acceptance.batch": (gettext_noop("Lot à vérifier"), Choice(client=True, must=True)),
    "acceptance.batch_finished": (gettext_noop("Lot vérifié"), Choice(client=True, staff=True)),
    "acceptance.batch_held": (gettext_noop("Lot non publié"), Choice(staff=True)),
}


def register_kinds() -> None:
    """Registers the mail kinds of batches with the outbox."""
    kinds.register(*(Kind(key, label, sees_batch, None, choice) for key, (label, choice) in _KINDS.items()))


def sees_batch(envelope: Envelope) -> bool:
    """Returns whether the batch is still visible to the recipient of the mail (R8, R77)."""
    person = person_there(envelope)
    return person is not None and batches_for(person).filter(key=envelope.about.removeprefix("batch:")).exists()


def batch_readers(project: Project, tickets: Sequence[Ticket]) -> dict[User, list[Ticket]]:
    """Returns the recipients for these tickets of a project, each with the tickets that concern them.

    A ticket has the recipients that it would have if it were announced alone.
    """
    contact_ids, recipients = viewer_ids(project), defaultdict(list)
    for ticket in tickets:
        ticket.project = project
        parts = parts_told("tickets.processed", phase=project.phase, assigned=ticket.assignee_id is not None)
        for person in people_told(ticket, parts, contact_ids):
            recipients[person].append(ticket)
    return dict(recipients)


def batch_letter(batch: Batch, person: User, tickets: Sequence[Ticket], by: User) -> MailRequest:
    """Returns the mail that `person` gets when `by` publishes the batch."""
    context = {**_context(batch), "tickets": tickets}
    return _batch_letter("acceptance.batch", batch, person, f"batch:{batch.key}", f"/lots/{batch.key}/", context, by)


@dataclass(frozen=True, slots=True)
class Preview:
    """The recipients of the mail of a batch, and that mail as the first of them would get it; None without any."""

    readers: list[User]
    message: Message | None


def batch_preview(viewer: User, batch: Batch, tickets: Sequence[Ticket]) -> Preview:
    """Returns the mail that publishing these tickets would send now. For the team. Writes nothing."""
    if viewer.is_client:
        raise Forbidden
    readers = {
        person: person_tickets
        for person, person_tickets in batch_readers(batch.project, tickets).items()
        if person.pk != viewer.pk
    }
    requests = [batch_letter(batch, person, person_tickets, viewer) for person, person_tickets in readers.items()]
    first = requests[0] if requests else None
    return Preview(list(readers), rendered(first.kind, first.to.language, first.values) if first else None)


def tell_published(batch: Batch, tickets: Sequence[Ticket], by: User) -> None:
    """Queues one mail per person for all the tickets of the batch that concern them."""
    readers = batch_readers(batch.project, tickets)
    enqueue([batch_letter(batch, person, person_tickets, by) for person, person_tickets in readers.items()])


def tell_finished(batch: Batch, project: Project, event: TicketEvent) -> None:
    """Notifies both project managers that every ticket of the batch is decided, with a link to its record."""
    batch.project = project
    event_ref, page, context = f"event:{event.key}", f"/lots/{batch.key}/pv/", _context(batch)
    wait = mail_wait(STEPS[StepName(event.step)])
    people = [
        person for person in (project.client_manager, project.vendor_manager) if person is not None and person.active
    ]
    enqueue(
        [
            _batch_letter("acceptance.batch_finished", batch, person, event_ref, page, context, event.actor, wait)
            for person in people
        ]
    )


def tell_held(batch: Batch, words: str) -> None:
    """Notifies the user who scheduled the batch, and the team's project manager, why it was not published."""
    event, page = f"batch:{batch.key}:{batch.version}", f"/equipe/lots/{batch.key}/"
    people = {person.pk: person for person in (batch.author, batch.project.vendor_manager) if person.active}
    context = {**_context(batch), "words": words}
    enqueue(
        [
            _batch_letter("acceptance.batch_held", batch, person, event, page, context, None)
            for person in people.values()
        ]
    )


def _context(batch: Batch) -> dict[str, Any]:
    return {"batch": batch, "project": batch.project, "organization": batch.project.organization}


def _batch_letter(
    kind: str,
    batch: Batch,
    person: User,
    event: str,
    page: str,
    context: dict[str, Any],
    by: User | None,
    wait: int = 0,
) -> MailRequest:
    actor = by.key if by else ""
    about, thread = f"batch:{batch.key}", f"batch.{batch.key}"
    return MailRequest(kind, recipient(person), about, event, context, thread, page, actor, wait=wait)
