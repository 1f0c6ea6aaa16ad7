"""Who sees which ticket, event and file, and who may do what to one. The only place where tickets decide it (R1)."""

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

type SeenTicket = Ticket  # the name by which doors speak of a ticket: a type, not the way to its table


def tickets_for(viewer: User) -> QuerySet[Ticket]:
    """The tickets a person sees: those of the projects they see; for R&D, those once handed to it (decision 4)."""
    if may(viewer, Capability.SEE_ALL):
        return Ticket.objects.all()
    if may(viewer, Capability.NOTE):
        return Ticket.objects.filter(handed_to_rd_at__isnull=False)
    return Ticket.objects.filter(project__in=projects_for(viewer))


def tickets_of(visible: VisibleProject) -> QuerySet[Ticket]:
    """The tickets of a project that its viewer sees: all of them, for who sees the project sees what is in it."""
    return Ticket.objects.filter(project_id=visible.project.pk)


def measured_tickets(viewer: User) -> QuerySet[Ticket]:
    """The tickets whose figures a person reads: all for the team; for a client, those of the projects they manage.

    Raises Forbidden to who sees tickets one by one only, R&D; NotVisible to a client who manages none.
    """
    if viewer.is_client:
        managed = managed_projects(viewer)
        if not managed.exists():
            raise NotVisible
        return tickets_for(viewer).filter(project__in=managed)
    require(viewer, Capability.SEE_ALL)
    return tickets_for(viewer)


def team_sees(person: User, ticket: Ticket) -> bool:
    """Whether a member of the team sees a ticket that is in hand: `tickets_for`, without asking the database."""
    return may(person, Capability.SEE_ALL) or (may(person, Capability.NOTE) and ticket.handed_to_rd_at is not None)


def events_for(viewer: User, ticket: Ticket) -> QuerySet[TicketEvent]:
    """The timeline of a ticket that the person sees; internal entries are the team's alone (R11)."""
    return events_among(viewer, [ticket.pk])


def attachments_for(viewer: User) -> QuerySet[Attachment]:
    """The files a person may fetch: reached through their ticket and their event (R3, R62)."""
    files = Attachment.objects.filter(ticket__in=tickets_for(viewer))
    return files.filter(event__internal=False) if viewer.is_client else files


def events_among(viewer: User, tickets: Sequence[int]) -> QuerySet[TicketEvent]:
    """The timelines of tickets that the person was given, together, by their numbers."""
    events = TicketEvent.objects.filter(ticket__in=tickets)
    return events.filter(internal=False) if viewer.is_client else events


def attachments_among(viewer: User, tickets: Sequence[int]) -> QuerySet[Attachment]:
    """The files of tickets that the person was given, together, by their numbers."""
    files = Attachment.objects.filter(ticket__in=tickets)
    return files.filter(event__internal=False) if viewer.is_client else files


def attachments_of(viewer: User, ticket: Ticket) -> QuerySet[Attachment]:
    """The files of a ticket that the person was given: `attachments_for`, without asking its sight again."""
    return attachments_among(viewer, [ticket.pk])


def drafts_for(viewer: User) -> QuerySet[Draft]:
    """The person's own unsent forms; none for who looks in their place (R18)."""
    return Draft.objects.none() if viewer.is_lent else Draft.objects.filter(owner=viewer)


def steps_for(viewer: User, ticket: Ticket) -> list[Step]:
    """The steps the person may take now. A client's right is the sight of the project."""
    project = ticket.project
    return steps_in(viewer, ticket.state_now, archived=project.is_archived, by_batch=project.by_batch)


def steps_in(viewer: User, state: State, *, archived: bool, by_batch: bool) -> list[Step]:
    """The steps the person may take from a state, on such a project: nobody steps an archived one."""
    if archived:
        return []
    steps = steps_from(state, capabilities_of(viewer))
    return [step_by_batch(step, state) for step in steps] if by_batch else steps


def _takes_acts(ticket: Ticket) -> bool:
    return ticket.is_open and not ticket.project.is_archived


def may_reply(viewer: User, ticket: Ticket) -> bool:
    """Whether the person may write to the other side on this ticket: R&D never does (decision 4)."""
    allowed = Capability.CLIENT_WRITE if viewer.is_client else Capability.WORK
    return _takes_acts(ticket) and may(viewer, allowed)


def may_rate(viewer: User, ticket: Ticket) -> bool:
    """Whether the person is asked how satisfied they are: a client, on a closed ticket, where the project asks."""
    return viewer.is_client and not ticket.is_open and ticket.project.asks_satisfaction


def may_note(viewer: User, ticket: Ticket) -> bool:
    """Whether the person may leave an internal note. Closed is final, for the team too (decision 7)."""
    return _takes_acts(ticket) and may(viewer, Capability.NOTE)


def may_assign(viewer: User, ticket: Ticket) -> bool:
    """Whether the person may give the ticket to somebody."""
    return _takes_acts(ticket) and may(viewer, Capability.ASSIGN)


def may_take(viewer: User, ticket: Ticket) -> bool:
    """Whether the person may take the ticket."""
    return _takes_acts(ticket) and may(viewer, Capability.TAKE)


def may_retain_priority(viewer: User, ticket: Ticket) -> bool:
    """Whether the person may retain another priority than the declared one (decision 13)."""
    return _takes_acts(ticket) and may(viewer, Capability.RETAIN_PRIORITY)


def may_withdraw(viewer: User, ticket: Ticket) -> bool:
    """Whether the person may take the ticket back from those to publish."""
    return ticket.prepared_at is not None and _takes_acts(ticket) and may(viewer, Capability.WORK)


def require_open_tickets(viewer: User) -> None:
    """Raises unless the person may open tickets at all."""
    require(viewer, _opens_by(viewer))


def may_open(viewer: User, project: SeenProject) -> bool:
    """Whether the person may open a ticket on this project, which they see."""
    return not project.is_archived and may(viewer, _opens_by(viewer))


def _opens_by(viewer: User) -> Capability:
    return Capability.CLIENT_WRITE if viewer.is_client else Capability.OPEN_FOR_CLIENT


def require_assign(viewer: User, assignee: User) -> None:
    """Raises unless the person may give a ticket to `assignee`; the right to take is enough for oneself (A31)."""
    require_step(viewer, STEPS[StepName.ASSIGN])
    if assignee.pk != viewer.pk:
        require(viewer, Capability.ASSIGN)


def works(person: User) -> bool:
    """Whether a ticket can be given to this person."""
    return not person.is_client and may(person, Capability.WORK)


def require_retain_priority(viewer: User) -> None:
    """Raises unless the person may retain another priority than the declared one (decision 13)."""
    require(viewer, Capability.RETAIN_PRIORITY)


def require_step(viewer: User, step: Step) -> None:
    """Raises when no state would let the person take this step."""
    if step.capabilities & capabilities_of(viewer):
        return
    raise NotVisible if viewer.is_client else Forbidden
