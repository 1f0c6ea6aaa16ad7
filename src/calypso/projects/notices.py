"""Mails about projects."""

from calypso.accounts.models import User
from calypso.accounts.notices import person_there, recipient
from calypso.base.catalogue import gettext_noop
from calypso.outbox import kinds
from calypso.outbox.enqueue import MailRequest, enqueue
from calypso.outbox.kinds import Choice, Envelope, Kind
from calypso.projects.access import projects_for
from calypso.projects.models import Project


def _sees_project(envelope: Envelope) -> bool:
    person = person_there(envelope)
    return person is not None and projects_for(person).filter(key=envelope.about.removeprefix("project:")).exists()


def register_kinds() -> None:
    """Registers the mail kinds of projects with the outbox."""
    choice = Choice(client=True)
    kinds.register(
        Kind("projects.opened_to_all", gettext_noop("Projet ouvert à toute la société"), _sees_project, None, choice)
    )


def opened_to_all(by: User, project: Project, event: str) -> None:
    """Notifies the client project manager that the project is no longer restricted (R6)."""
    manager = project.client_manager
    if manager is None or not manager.active:
        return
    context, page = {"project": project, "by": by, "person": manager}, f"/projets/{project.key}/"
    about = f"project:{project.key}"
    enqueue([MailRequest("projects.opened_to_all", recipient(manager), about, event, context, "", page, by.key)])
