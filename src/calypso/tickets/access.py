"""Who sees which ticket, event and file, and who may do what to one. The only place where tickets decide it (R1)."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from calypso.accounts.access import capabilities_of, may, require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base.errors import Forbidden, NotVisible
from calypso.base.prepared import Prepared
from calypso.projects.access import SeenProject, is_client_manager, managed_projects, projects_for
from calypso.projects.models import Project
from calypso.tickets.models import Attachment, Batch, Draft, Kept, PhaseChange, Ticket, TicketEvent, TimeEntry
from calypso.tickets.terms import HANDED_TO_RD, term_of_project
from calypso.tickets.workflow import STEPS, State, Step, StepName, step_by_batch, steps_from

type SeenTicket = Ticket  # the name by which doors speak of a ticket: a type, not the way to its table
type SeenBatch = Batch


def tickets_for(viewer: User) -> QuerySet[Ticket]:
    """The tickets a person sees: those of the projects they see; for R&D, those once handed to it (decision 4)."""
    if may(viewer, Capability.SEE_ALL):
        return Ticket.objects.all()
    if may(viewer, Capability.NOTE):
        return Ticket.objects.filter(handed_to_rd_at__isnull=False)
    return Ticket.objects.filter(project__in=projects_for(viewer))


def given(viewer: User, project: Project) -> bool:
    """Whether `get_project` gave this project to this very person in this request: sight was asked there."""
    return viewer.pk is not None and project.seen_by == viewer.pk


def tickets_of(viewer: User, project: Project) -> QuerySet[Ticket]:
    """The tickets of a project that the person sees."""
    return tickets_within(viewer, given(viewer, project), project.pk)


def tickets_within(viewer: User, known: bool, project_id: int) -> QuerySet[Ticket]:
    """The tickets of a project; `known` says that it was `given` to the person.

    Otherwise those of `tickets_for`: asking twice costs time, forgetting to ask is a leak.
    """
    return (Ticket.objects.all() if known else tickets_for(viewer)).filter(project_id=project_id)


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


def search_scope(viewer: User) -> frozenset[str] | None:
    """The terms of which a document that the person may find holds one at least; None for who sees all.

    They spare a search what `tickets_for` would refuse, which is asked of what it finds nevertheless.
    """
    if may(viewer, Capability.SEE_ALL):
        return None
    if may(viewer, Capability.NOTE):
        return frozenset({HANDED_TO_RD})
    return frozenset(term_of_project(key) for key in _SEEN(viewer))


_SEEN = Prepared(lambda viewer: projects_for(viewer).order_by().values_list("pk", flat=True))


def attachments_of(viewer: User, ticket: Ticket) -> QuerySet[Attachment]:
    """The files of a ticket that the person was given: `attachments_for`, without asking its sight again."""
    return attachments_among(viewer, [ticket.pk])


def batches_for(viewer: User) -> QuerySet[Batch]:
    """The batches a person sees: all for the team; for a client the published ones of the projects they see."""
    if may(viewer, Capability.SEE_ALL):
        return Batch.objects.all()
    return Batch.objects.filter(published_at__isnull=False, project__in=projects_for(viewer))


def batches_within(viewer: User, known: bool, project_id: int) -> QuerySet[Batch]:
    """The batches of a project that the person sees; `known` as in `tickets_within`."""
    if not known:
        return batches_for(viewer).filter(project_id=project_id)
    batches = Batch.objects.filter(project_id=project_id)
    return batches.filter(published_at__isnull=False) if viewer.is_client else batches


def phase_changes_for(viewer: User) -> QuerySet[PhaseChange]:
    """The changes of phase of the projects that the person sees."""
    return PhaseChange.objects.filter(project__in=projects_for(viewer))


def phase_changes_within(viewer: User, known: bool, project_id: int) -> QuerySet[PhaseChange]:
    """The changes of phase of a project that the person sees; `known` as in `tickets_within`."""
    return (PhaseChange.objects.all() if known else phase_changes_for(viewer)).filter(project_id=project_id)


def side_to_agree(viewer: User, change: PhaseChange) -> str:
    """The side, "vendor" or "client", for which the person may still agree to a change of phase; "" for none."""
    project = change.project
    if is_client_manager(viewer, project) and change.client_agreed_at is None:
        return "client"
    manages = project.vendor_manager_id == viewer.pk and may(viewer, Capability.MANAGE_PROJECTS)
    return "vendor" if manages and change.vendor_agreed_at is None else ""


def require_agree(viewer: User, change: PhaseChange) -> str:
    """The side that the person speaks for. Raises Forbidden to whoever is not asked, or answered already."""
    side = side_to_agree(viewer, change)
    if not side:
        raise Forbidden
    return side


def require_relate(viewer: User, ticket: Ticket) -> None:
    """Raises unless the person may say how a ticket that they see stands to others: the team, closed tickets too."""
    require(viewer, Capability.NOTE)
    if not tickets_for(viewer).filter(reference=ticket.reference).exists():
        raise NotVisible


def drafts_for(viewer: User) -> QuerySet[Draft]:
    """The person's own unsent forms; none for who looks in their place (R18)."""
    return Draft.objects.none() if viewer.is_lent else Draft.objects.filter(owner=viewer)


def kept_for[K: Kept](viewer: User, kind: type[K]) -> QuerySet[K]:
    """The saved views or canned replies that the person may use: their own, then the team's. None for a client."""
    kept = kind._default_manager.filter(Q(owner=viewer) | Q(shared=True))
    return kept.none() if viewer.is_client else kept.order_by("shared", "name", "id")


def may_change_kept(viewer: User, kept: Kept) -> bool:
    """Whether the person may rewrite or remove it: their own, or the team's for who assigns."""
    return kept.owner_id == viewer.pk or (kept.shared and may(viewer, Capability.ASSIGN))


def require_keep(viewer: User, *, shared: bool) -> None:
    """Raises unless the person may keep something: the team, and for everybody only who assigns."""
    require(viewer, Capability.ASSIGN if shared else Capability.NOTE)


def changeable[K: Kept](viewer: User, kind: type[K], key: str) -> K:
    """One that the person may rewrite or remove. Raises NotVisible, Forbidden."""
    kept = kept_for(viewer, kind).filter(key=key).first()
    if kept is None:
        raise NotVisible
    if not may_change_kept(viewer, kept):
        raise Forbidden
    return kept


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


def may_remove_time(viewer: User, ticket: Ticket, entry: TimeEntry) -> bool:
    """Whether the person may take an entry of time back: their own, or anybody's for who assigns."""
    return may_note(viewer, ticket) and (entry.person_id == viewer.pk or may(viewer, Capability.ASSIGN))


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
