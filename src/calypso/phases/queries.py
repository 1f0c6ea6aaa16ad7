"""A change of phase as both sides read it: the open tickets, who is told and how fast, before and after."""

from dataclasses import dataclass

from calypso.accounts.models import User
from calypso.base.catalogue import gettext_noop
from calypso.base.errors import Forbidden
from calypso.phases.access import phase_changes_for, side_to_agree
from calypso.phases.models import PhaseChange, PhaseItem
from calypso.projects.access import SeenProject, may_manage
from calypso.projects.models import Project
from calypso.sla.levels import Level, levels
from calypso.tickets.access import tickets_for
from calypso.tickets.audience import Part, parts_told
from calypso.tickets.models import Ticket
from calypso.tickets.priorities import Priority
from calypso.tickets.queries.rows import STATE_ORDER
from calypso.tickets.workflow import STEPS, State, StepName

# What may become of a ticket, as a choice and once chosen.
CHOICE_LABELS = {
    PhaseItem.Choice.CARRY: gettext_noop("Poursuivre"),
    PhaseItem.Choice.CLOSE: gettext_noop("Clôturer"),
    PhaseItem.Choice.POSTPONE: gettext_noop("Reporter, en suivi chef de projet"),
}
CHOSEN_LABELS = {
    PhaseItem.Choice.CARRY.value: gettext_noop("Poursuivi"),
    PhaseItem.Choice.CLOSE.value: gettext_noop("Clôturé"),
    PhaseItem.Choice.POSTPONE.value: gettext_noop("Reporté, en suivi chef de projet"),
}
_PEOPLE = ("author", "vendor_agreed_by", "client_agreed_by", "ended_by")


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An open ticket and what a change of phase may do to it."""

    ticket: Ticket
    choices: list[PhaseItem.Choice]


def other_phase(project: SeenProject) -> Project.Phase:
    """The phase that the project is not in."""
    return _but(Project.Phase(project.phase))


def _but(phase: Project.Phase) -> Project.Phase:
    return Project.Phase.SETUP if phase is Project.Phase.LIVE else Project.Phase.LIVE


def open_lines(viewer: User, project: SeenProject) -> list[OpenLine]:
    """The open tickets of a project, in the guide's order of states. For the team."""
    if viewer.is_client:
        raise Forbidden
    rows = tickets_for(viewer).filter(project=project).exclude(state=State.CLOSED)
    return [OpenLine(row, _choices(row)) for row in rows.select_related("author").order_by(STATE_ORDER, "created_at")]


def _choices(ticket: Ticket) -> list[PhaseItem.Choice]:
    choices = [PhaseItem.Choice.CARRY, PhaseItem.Choice.CLOSE]
    if ticket.state_now in STEPS[StepName.FOLLOW_UP].sources:
        choices.append(PhaseItem.Choice.POSTPONE)
    return choices


def get_change(viewer: User, project: SeenProject) -> PhaseChange | None:
    """The change that is proposed, else the last one that was done, if the person sees the project."""
    rows = phase_changes_for(viewer).filter(project=project).select_related(*_PEOPLE)
    found = rows.filter(state=PhaseChange.State.PROPOSED).first() or rows.filter(state=PhaseChange.State.DONE).first()
    if found is not None:
        found.project = project
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """The first of the team to be told of a new ticket: a part, and its person; None for its whole team."""

    part: Part
    person: User | None


@dataclass(frozen=True, slots=True)
class PhasePage:
    """A change of phase: what is proposed or was done, for which tickets, and what it changes."""

    change: PhaseChange | None
    items: list[PhaseItem]
    target: Project.Phase
    told: tuple[list[Told], list[Told]]
    levels: list[tuple[Priority, Level, Level]]
    side: str

    @property
    def proposed(self) -> Project.Phase | None:
        """The phase of the change, proposed or done."""
        return Project.Phase(self.change.phase) if self.change else None

    @property
    def asked(self) -> bool:
        return self.change is not None and self.change.state == PhaseChange.State.PROPOSED


def phase_page(viewer: User, project: SeenProject) -> PhasePage:
    """The page of a project's change of phase. `side` is the one for which the person may agree now, "" for none.

    It tells the change that is proposed, to who may propose one the next; to the others, the last that was done.
    """
    change = get_change(viewer, project)
    asked = change is not None and change.state == PhaseChange.State.PROPOSED
    items = PhaseItem.objects.filter(change=change).select_related("ticket") if change else []
    proposes = not asked and may_manage(viewer) and not project.is_archived
    target = other_phase(project) if proposes or change is None else Project.Phase(change.phase)
    known, before = levels(), _but(target)
    return PhasePage(
        change=change,
        items=list(items),
        target=target,
        told=(_told(project, before), _told(project, target)),
        levels=[(priority, known[before, priority], known[target, priority]) for priority in reversed(Priority)],
        side=side_to_agree(viewer, change) if change and asked else "",
    )


def _told(project: SeenProject, phase: str) -> list[Told]:
    people = {
        Part.VENDOR_MANAGER: project.vendor_manager,
        Part.SETUP_AGENT: project.setup_agent,
        Part.SUPPORT: project.support,
    }
    parts = [part for part in parts_told("tickets.opened", phase=phase, assigned=False) if part in people]
    return [Told(part, people[part]) for part in parts if people[part] is not None or part is Part.SUPPORT]
