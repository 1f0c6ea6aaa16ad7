"""Queries on phase changes: the open tickets; recipients and service levels before and after."""

from dataclasses import dataclass

from calypso.accounts.models import User
from calypso.base.catalogue import gettext_noop
from calypso.base.errors import Forbidden
from calypso.phases.access import phase_changes_for, side_to_agree
from calypso.phases.models import PhaseChange, PhaseItem
from calypso.projects.access import SeenProject, may_manage
from calypso.projects.models import Project
from calypso.sla.levels import Level, levels_of
from calypso.tickets.access import tickets_for
from calypso.tickets.audience import Part, parts_told
from calypso.tickets.models import Ticket
from calypso.tickets.priorities import Priority
from calypso.tickets.queries.rows import STATE_ORDER
from calypso.tickets.workflow import STEPS, State, StepName

# Labels of the possible outcomes of a ticket: as an option, and once chosen.
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
    """An open ticket and the choices that a phase change offers for it."""

    ticket: Ticket
    choices: list[PhaseItem.Choice]


def other_phase(project: SeenProject) -> Project.Phase:
    """Returns the phase that the project is not in."""
    return _opposite(Project.Phase(project.phase))


def _opposite(phase: Project.Phase) -> Project.Phase:
    return Project.Phase.SETUP if phase is Project.Phase.LIVE else Project.Phase.LIVE


def open_lines(viewer: User, project: SeenProject) -> list[OpenLine]:
    """Returns the open tickets of a project, in the guide's order of states. For the team."""
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
    """Returns the proposed change, else the last one performed, if the project is visible to `viewer`."""
    rows = phase_changes_for(viewer).filter(project=project).select_related(*_PEOPLE)
    change = rows.filter(state=PhaseChange.State.PROPOSED).first() or rows.filter(state=PhaseChange.State.DONE).first()
    if change is not None:
        change.project = project
    return change


def is_change_proposed(viewer: User, project: SeenProject) -> bool:
    """Returns whether a phase change of the project waits for an agreement."""
    return phase_changes_for(viewer).filter(project=project, state=PhaseChange.State.PROPOSED).exists()


@dataclass(frozen=True, slots=True)
class Told:
    """A recipient in the team of the mail about a new ticket: the part, and its person; None for all the support."""

    part: Part
    person: User | None


@dataclass(frozen=True, slots=True)
class PhasePage:
    """A phase change, proposed or performed, its tickets, and its effects: `told` and `levels` before and after."""

    change: PhaseChange | None
    items: list[PhaseItem]
    target: Project.Phase
    told: tuple[list[Told], list[Told]]
    levels: list[tuple[Priority, Level, Level]]
    side: str

    @property
    def proposed(self) -> Project.Phase | None:
        """The phase of the change, proposed or performed."""
        return Project.Phase(self.change.phase) if self.change else None

    @property
    def asked(self) -> bool:
        return self.change is not None and self.change.state == PhaseChange.State.PROPOSED


def phase_page(viewer: User, project: SeenProject) -> PhasePage:
    """Returns the page of a project's phase change; `side` is the one for which `viewer` may agree now, "" for none.

    It shows the proposed change. Without one, it shows the possible change to those who may propose it, and the last
    one performed to the others.
    """
    change = get_change(viewer, project)
    is_proposed = change is not None and change.state == PhaseChange.State.PROPOSED
    items = PhaseItem.objects.filter(change=change).select_related("ticket") if change else []
    proposes = not is_proposed and may_manage(viewer) and not project.is_archived
    target = other_phase(project) if proposes or change is None else Project.Phase(change.phase)
    current_levels, current_phase = levels_of(project), _opposite(target)
    return PhasePage(
        change=change,
        items=list(items),
        target=target,
        told=(_team_recipients(project, current_phase), _team_recipients(project, target)),
        levels=[
            (priority, current_levels[current_phase, priority], current_levels[target, priority])
            for priority in reversed(Priority)
        ],
        side=side_to_agree(viewer, change) if change and is_proposed else "",
    )


def _team_recipients(project: SeenProject, phase: str) -> list[Told]:
    people = {
        Part.VENDOR_MANAGER: project.vendor_manager,
        Part.SETUP_AGENT: project.setup_agent,
        Part.SUPPORT: project.support,
    }
    parts = [part for part in parts_told("tickets.opened", phase=phase, assigned=False) if part in people]
    return [Told(part, people[part]) for part in parts if people[part] is not None or part is Part.SUPPORT]
