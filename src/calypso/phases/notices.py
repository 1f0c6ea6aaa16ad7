"""Mails about a phase change: the request for agreement, and the outcome (I3)."""

from collections.abc import Sequence

from calypso.accounts.models import User
from calypso.accounts.notices import person_there, recipient
from calypso.base.catalogue import gettext_noop
from calypso.outbox import kinds
from calypso.outbox.enqueue import MailRequest, enqueue
from calypso.outbox.kinds import Choice, Envelope, Kind
from calypso.phases.access import phase_changes_for
from calypso.phases.models import PhaseChange
from calypso.projects.models import Project

_KINDS = {
    "phases.proposed": (gettext_noop("Changement de phase à approuver"), Choice(client=True, staff=True, must=True)),
    "phases.done": (gettext_noop("Changement de phase"), Choice(client=True, staff=True)),
    "phases.refused": (gettext_noop("Changement de phase refusé"), Choice(client=True, staff=True)),
}


def register_kinds() -> None:
    """Registers the mail kinds of phase changes with the outbox."""
    kinds.register(*(Kind(key, label, sees_change, None, choice) for key, (label, choice) in _KINDS.items()))


def sees_change(envelope: Envelope) -> bool:
    """Returns whether the project of the change is still visible to the recipient of the mail (R8, R77)."""
    person = person_there(envelope)
    changes = phase_changes_for(person) if person else PhaseChange.objects.none()
    return changes.filter(key=envelope.about.removeprefix("phase:")).exists()


def tell_proposed(change: PhaseChange, by: User) -> None:
    """Mails a request for agreement to the project managers who have not agreed yet."""
    project = change.project
    vendor_managers = [] if change.vendor_agreed_at else [project.vendor_manager]
    _enqueue_change("phases.proposed", change, by, [project.client_manager, *vendor_managers])


def tell_phase_ended(change: PhaseChange, kind: str, by: User) -> None:
    """Mails the outcome of a phase change to the managers and its author; if performed, also to who takes over."""
    project = change.project
    people = [project.client_manager, project.vendor_manager, change.author]
    if kind == "phases.done":
        people += [project.support if project.is_live else project.setup_agent]
    _enqueue_change(kind, change, by, people)


def _enqueue_change(kind: str, change: PhaseChange, by: User, people: Sequence[User | None]) -> None:
    recipients = {person.pk: person for person in people if person is not None and person.active}
    context = {
        "change": change,
        "project": change.project,
        "organization": change.project.organization,
        "target": str(Project.Phase(change.phase).label),
        "by": by,
    }
    about, event = f"phase:{change.key}", f"{kind}:{change.key}"
    requests = []
    for person in recipients.values():
        page = f"/projets/{change.project.key}/bascule/"
        page = page if person.is_client else f"/equipe{page}"
        requests.append(MailRequest(kind, recipient(person), about, event, context, "", page, by.key))
    enqueue(requests)
