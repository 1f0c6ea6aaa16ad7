"""Moving a project from set-up to live or back: what it changes on its tickets."""

from django.db import transaction
from django.db.models import QuerySet

from calypso.accounts.models import User
from calypso.projects.actions import change_phase
from calypso.projects.models import Project
from calypso.tickets import service
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import State


@transaction.atomic
def switch_phase(by: User, *, project: Project, phase: Project.Phase) -> None:
    """Changes the phase of a project; its open tickets are measured against the levels of the new one from now on.

    For those who manage projects. Raises Forbidden, Conflict.
    """
    change_phase(by, project=project, phase=phase)
    set_due_again(tickets=Ticket.objects.filter(project=project))


def set_due_again(*, tickets: QuerySet[Ticket]) -> None:
    """Computes again what the team owes on those of `tickets` that are open. In the transaction of its cause."""
    rows = list(tickets.exclude(state=State.CLOSED).select_related("project").select_for_update(of=("self",)))
    known = service.levels()
    for row in rows:
        service.set_due(row, known)
    Ticket.objects.bulk_update(rows, service.DUE_FIELDS, batch_size=500)
