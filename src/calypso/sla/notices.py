"""The mail that alerts to a near project event while tickets still wait for the team (checklist I5, decision 24)."""

from collections.abc import Sequence

from calypso.accounts.models import User
from calypso.accounts.notices import person_there, recipient
from calypso.base.catalogue import gettext_noop
from calypso.outbox import kinds
from calypso.outbox.enqueue import MailRequest, enqueue
from calypso.outbox.kinds import Choice, Envelope, Kind
from calypso.projects.access import projects_for
from calypso.projects.models import Project
from calypso.tickets.models import Ticket

_KINDS = {
    "sla.event_near": (gettext_noop("Évènement proche"), Choice(staff=True)),
}
MOST_TOLD = 10  # tickets that the mail lists; it also gives their total number


def register_kinds() -> None:
    """Registers the mail kinds about near events with the outbox."""
    kinds.register(*(Kind(key, label, sees_event, None, choice) for key, (label, choice) in _KINDS.items()))


def sees_event(envelope: Envelope) -> bool:
    """Returns whether the project is current and still visible to the recipient of the mail (R8, R77)."""
    person = person_there(envelope)
    key = envelope.about.removeprefix("project:")
    return person is not None and projects_for(person).filter(key=key, archived_at__isnull=True).exists()


def tell_event_near(project: Project, days: int, tickets: Sequence[Ticket]) -> None:
    """Enqueues the mail to the vendor's project manager and to the project's agent or support, according to its phase.

    It is sent once per threshold of `days` and event date.
    """
    agent = project.support if project.is_live else project.setup_agent
    people: dict[int, User] = {
        person.pk: person for person in (project.vendor_manager, agent) if person is not None and person.active
    }
    context = {
        "project": project,
        "organization": project.organization,
        "tickets": tickets[:MOST_TOLD],
        "number": len(tickets),
    }
    event = f"event:{project.key}:{project.event_date}:{days}"
    about, page = f"project:{project.key}", f"/equipe/?projet={project.key}&echeance=proche"
    enqueue(
        [
            MailRequest("sla.event_near", recipient(person), about, event, {**context, "person": person}, page=page)
            for person in people.values()
        ]
    )
