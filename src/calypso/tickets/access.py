"""Visibility of tickets, events and files, and permissions on tickets. Nothing else in `tickets` decides it (R1)."""

from collections.abc import Sequence

from django.db.models import QuerySet

from calypso.accounts.access import capabilities_of, may, require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base.errors import Forbidden, NotVisible
from calypso.projects.access import SeenProject, managed_projects, projects_for
from calypso.projects.visible import VisibleProject
from calypso.tickets.models import Attachment, Draft, Ticket, TicketEvent
from calypso.tickets.workflow import STEPS, State, Step, StepName, step_by_batch, steps_from

type SeenTicket = Ticket  # the name that interfaces use in annotations: a type, which gives no access to the table


def tickets_for(viewer: User) -> QuerySet[Ticket]:
    """Returns the tickets visible to `viewer`: those of visible projects; for R&D, those handed to it (decision 4).

    A ticket that was once handed to R&D stays visible to R&D.
    """
    if may(viewer, Capability.SEE_ALL):
        return Ticket.objects.all()
    if may(viewer, Capability.NOTE):
        return Ticket.objects.filter(handed_to_rd_at__isnull=False)
    return Ticket.objects.filter(project__in=projects_for(viewer))


def tickets_of(visible: VisibleProject) -> QuerySet[Ticket]:
    """Returns all tickets of a visible project: whoever may see a project may see every ticket in it."""
    return Ticket.objects.filter(project_id=visible.project.pk)


def measured_tickets(viewer: User) -> QuerySet[Ticket]:
    """Returns the tickets counted in the figures that `viewer` may read.

    The team reads those of all tickets, a client those of the projects that they manage. Raises Forbidden for R&D,
    which sees tickets one by one only, and NotVisible for a client who manages no project.
    """
    if viewer.is_client:
        managed = managed_projects(viewer)
        if not managed.exists():
            raise NotVisible
        return tickets_for(viewer).filter(project__in=managed)
    require(viewer, Capability.SEE_ALL)
    return tickets_for(viewer)


def team_sees(person: User, ticket: Ticket) -> bool:
    """Returns whether a loaded ticket is visible to a team member: the rule of `tickets_for`, without a query."""
    return may(person, Capability.SEE_ALL) or (may(person, Capability.NOTE) and ticket.handed_to_rd_at is not None)


def events_for(viewer: User, ticket: Ticket) -> QuerySet[TicketEvent]:
    """Returns the timeline of a ticket that is visible to `viewer`; internal entries are for the team only (R11)."""
    return events_among(viewer, [ticket.pk])


def attachments_for(viewer: User) -> QuerySet[Attachment]:
    """Returns the files that `viewer` may download, as decided by their ticket and their event (R3, R62)."""
    files = Attachment.objects.filter(ticket__in=tickets_for(viewer))
    return files.filter(event__internal=False) if viewer.is_client else files


def events_among(viewer: User, tickets: Sequence[int]) -> QuerySet[TicketEvent]:
    """Returns the timeline entries of several tickets, by ticket id; the caller has checked that these are visible.

    Internal entries are for the team only (R11).
    """
    events = TicketEvent.objects.filter(ticket__in=tickets)
    return events.filter(internal=False) if viewer.is_client else events


def attachments_among(viewer: User, tickets: Sequence[int]) -> QuerySet[Attachment]:
    """Returns the files of several tickets, by ticket id; the caller has checked that these are visible.

    Files of internal entries are for the team only.
    """
    files = Attachment.objects.filter(ticket__in=tickets)
    return files.filter(event__internal=False) if viewer.is_client else files


def attachments_of(viewer: User, ticket: Ticket) -> QuerySet[Attachment]:
    """Returns the files of a ticket that is known to be visible: `attachments_for` without checking it again."""
    return attachments_among(viewer, [ticket.pk])


def drafts_for(viewer: User) -> QuerySet[Draft]:
    """Returns the viewer's own drafts; none during an impersonation (R18)."""
    return Draft.objects.none() if viewer.is_lent else Draft.objects.filter(owner=viewer)


def steps_for(viewer: User, ticket: Ticket) -> list[Step]:
    """Returns the steps that `viewer` may take now. A client may act on every ticket of a project visible to them."""
    project = ticket.project
    return steps_in(viewer, ticket.state_now, archived=project.is_archived, by_batch=project.by_batch)


def steps_in(viewer: User, state: State, *, archived: bool, by_batch: bool) -> list[Step]:
    """Returns the steps that `viewer` may take from a state; none on an archived project.

    `by_batch`: the project announces processed tickets by acceptance batch.
    """
    if archived:
        return []
    steps = steps_from(state, capabilities_of(viewer))
    return [step_by_batch(step, state) for step in steps] if by_batch else steps


def _accepts_actions(ticket: Ticket) -> bool:
    return ticket.is_open and not ticket.project.is_archived


def may_reply(viewer: User, ticket: Ticket) -> bool:
    """Returns whether `viewer` may write a public comment on this ticket; R&D never may (decision 4)."""
    allowed = Capability.CLIENT_WRITE if viewer.is_client else Capability.WORK
    return _accepts_actions(ticket) and may(viewer, allowed)


def may_rate(viewer: User, ticket: Ticket) -> bool:
    """Returns whether `viewer` may rate: a client, on a closed ticket, if the project asks for satisfaction."""
    return viewer.is_client and not ticket.is_open and ticket.project.asks_satisfaction


def may_note(viewer: User, ticket: Ticket) -> bool:
    """Returns whether `viewer` may write an internal note. A closed ticket is final for the team too (decision 7)."""
    return _accepts_actions(ticket) and may(viewer, Capability.NOTE)


def may_assign(viewer: User, ticket: Ticket) -> bool:
    """Returns whether `viewer` may assign the ticket to somebody."""
    return _accepts_actions(ticket) and may(viewer, Capability.ASSIGN)


def may_take(viewer: User, ticket: Ticket) -> bool:
    """Returns whether `viewer` may assign the ticket to themself."""
    return _accepts_actions(ticket) and may(viewer, Capability.TAKE)


def may_retain_priority(viewer: User, ticket: Ticket) -> bool:
    """Returns whether `viewer` may retain another priority than the declared one (decision 13)."""
    return _accepts_actions(ticket) and may(viewer, Capability.RETAIN_PRIORITY)


def may_withdraw(viewer: User, ticket: Ticket) -> bool:
    """Returns whether `viewer` may withdraw a ticket that is prepared for an acceptance batch."""
    return ticket.prepared_at is not None and _accepts_actions(ticket) and may(viewer, Capability.WORK)


def require_open_tickets(viewer: User) -> None:
    """Raises unless `viewer` may open tickets at all."""
    require(viewer, _opening_capability(viewer))


def may_open(viewer: User, project: SeenProject) -> bool:
    """Returns whether `viewer` may open a ticket on this project, which is visible to them."""
    return not project.is_archived and may(viewer, _opening_capability(viewer))


def _opening_capability(viewer: User) -> Capability:
    return Capability.CLIENT_WRITE if viewer.is_client else Capability.OPEN_FOR_CLIENT


def require_assign(viewer: User, assignee: User) -> None:
    """Raises unless `viewer` may assign a ticket to `assignee`; `TAKE` is enough to assign it to oneself (A31)."""
    require_step(viewer, STEPS[StepName.ASSIGN])
    if assignee.pk != viewer.pk:
        require(viewer, Capability.ASSIGN)


def works(person: User) -> bool:
    """Returns whether a ticket can be assigned to `person`."""
    return not person.is_client and may(person, Capability.WORK)


def require_retain_priority(viewer: User) -> None:
    """Raises unless `viewer` may retain another priority than the declared one (decision 13)."""
    require(viewer, Capability.RETAIN_PRIORITY)


def require_step(viewer: User, step: Step) -> None:
    """Raises NotVisible (client) or Forbidden (team) when `viewer` could not take this step from any state."""
    if step.capabilities & capabilities_of(viewer):
        return
    raise NotVisible if viewer.is_client else Forbidden
