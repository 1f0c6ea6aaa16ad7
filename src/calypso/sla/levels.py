"""Service levels: within how many business hours the team aims to answer and to process a ticket.

A project's own level wins over that of its company, which wins over that of everybody (I5). Each of the two numbers is
looked up by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from calypso.accounts.access import SeenOrganization, organizations_for
from calypso.accounts.models import Organization, User
from calypso.base.catalogue import gettext_noop as _
from calypso.base.errors import Forbidden
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.access import SeenProject, projects_for
from calypso.projects.models import Project
from calypso.sla.models import ServiceLevel
from calypso.tickets.priorities import Priority

HOUR = 3600

# Business hours until the first answer and until the ticket is processed, where the vendor saved no other level.
DEFAULT_HOURS: dict[tuple[str, Priority], tuple[int, int]] = {
    (Project.Phase.SETUP, Priority.LOW): (16, 90),
    (Project.Phase.SETUP, Priority.MEDIUM): (16, 45),
    (Project.Phase.SETUP, Priority.HIGH): (9, 27),
    (Project.Phase.SETUP, Priority.BLOCKING): (4, 9),
    (Project.Phase.LIVE, Priority.LOW): (9, 45),
    (Project.Phase.LIVE, Priority.MEDIUM): (9, 27),
    (Project.Phase.LIVE, Priority.HIGH): (4, 9),
    (Project.Phase.LIVE, Priority.BLOCKING): (1, 4),
}


# What the history calls the levels of each phase and priority.
LEVEL_FIELDS: dict[str, str] = {
    "level_setup_1": _("Niveau de service : paramétrage, faible"),
    "level_setup_2": _("Niveau de service : paramétrage, moyenne"),
    "level_setup_3": _("Niveau de service : paramétrage, élevée"),
    "level_setup_4": _("Niveau de service : paramétrage, bloquant"),
    "level_live_1": _("Niveau de service : exploitation, faible"),
    "level_live_2": _("Niveau de service : exploitation, moyenne"),
    "level_live_3": _("Niveau de service : exploitation, élevée"),
    "level_live_4": _("Niveau de service : exploitation, bloquant"),
}


@dataclass(frozen=True, slots=True)
class Level:
    """Two numbers of business hours. As targets, None says that there is none.

    As those of a company or a project, None says « as for the others », and zero that there is no target.
    """

    answer_hours: int | None
    process_hours: int | None

    def over(self, other: "Level") -> "Level":
        """Returns the targets of `other` where this level, of a company or a project, says nothing else."""
        return Level(_over(self.answer_hours, other.answer_hours), _over(self.process_hours, other.process_hours))


def _over(own: int | None, other: int | None) -> int | None:
    return other if own is None else own or None


type Levels = dict[tuple[str, str], Level]
type Owner = Organization | Project | None  # whose levels: None for everybody's


def hours_name(phase: str, priority: str, field: str) -> str:
    """Returns the name, in forms and in errors of actions, of one of the two numbers (`Level`'s fields) of a level."""
    return f"{phase}-{priority}-{field}"


class LevelBook:
    """Saved levels, from which those of a project are worked out in memory."""

    def __init__(self, rows: Iterable[ServiceLevel]) -> None:
        self._own: dict[tuple[str, int | None], Levels] = {}
        for row in rows:
            owner = ("project", row.project_id) if row.project_id else ("organization", row.organization_id)
            self._own.setdefault(owner, {})[row.phase, row.priority] = Level(row.answer_hours, row.process_hours)
        everybody = {(str(phase), priority.value): Level(*hours) for (phase, priority), hours in DEFAULT_HOURS.items()}
        self.everybody: Levels = everybody | self._own.get(("organization", None), {})

    def own(self, owner: Owner) -> Levels:
        """Returns what a company or a project says of its own; for everybody, every level."""
        if owner is None:
            return self.everybody
        return self._own.get(("project" if isinstance(owner, Project) else "organization", owner.pk), {})

    def of(self, project: Project) -> Levels:
        """Returns the levels of a project."""
        of_company = self._own.get(("organization", project.organization_id), {})
        return _laid(self.own(project), _laid(of_company, self.everybody))

    def beneath(self, owner: Owner) -> Levels:
        """Returns the levels that hold where `owner` says nothing of its own."""
        if not isinstance(owner, Project):
            return self.everybody
        return _laid(self._own.get(("organization", owner.organization_id), {}), self.everybody)


def _laid(own: Levels, others: Levels) -> Levels:
    return {key: own[key].over(level) if key in own else level for key, level in others.items()}


def book() -> LevelBook:
    """Returns every saved level. One query."""
    return LevelBook(ServiceLevel.objects.all())


def levels_of(project: Project) -> Levels:
    """Returns the level of each phase and retained priority of a project. One query."""
    return LevelBook(_SAVED_FOR.fetch(project.organization_id, project.pk)).of(project)


def general_levels() -> Levels:
    """Returns the levels of whom none was agreed with. One query."""
    return LevelBook(_of_everybody()).everybody


def _of_everybody() -> QuerySet[ServiceLevel]:
    return ServiceLevel.objects.filter(organization=None, project=None)


_SAVED_FOR = CompiledQuery(
    lambda organization, project: ServiceLevel.objects.filter(
        Q(organization=None, project=None) | Q(organization=organization) | Q(project=project)
    )
)


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One row of the table of service levels: what its owner says, and what holds otherwise."""

    phase: Project.Phase
    priority: str
    level: Level
    beneath: Level

    def name(self, field: str) -> str:
        """Returns the name of one of its two numbers, as `hours_name` does."""
        return hours_name(self.phase, self.priority, field)


@dataclass(frozen=True, slots=True)
class LevelsPage:
    """The levels of everybody, of a company or of a project; for everybody, who of those seen has their own."""

    rows: list[LevelRow]
    organizations: list[SeenOrganization]
    projects: list[SeenProject]


MOST_NAMED = 100  # companies, and projects, that the page of everybody names


def levels_page(viewer: User, owner: Owner = None) -> LevelsPage:
    """Returns the service levels of every phase and priority. For the team: raises Forbidden for a client."""
    if viewer.is_client:
        raise Forbidden
    saved = LevelBook(_SAVED_FOR.fetch(*_keys(owner))) if owner else LevelBook(_of_everybody())
    own, nothing = saved.own(owner), Level(None, None)
    rows = [
        LevelRow(Project.Phase(phase), priority, own.get((phase, priority), nothing), level)
        for (phase, priority), level in saved.beneath(owner).items()
    ]
    if owner is not None:
        return LevelsPage(rows, [], [])
    companies = organizations_for(viewer).filter(pk__in=ServiceLevel.objects.values("organization")).order_by("name")
    projects = projects_for(viewer).filter(pk__in=ServiceLevel.objects.values("project")).order_by("name")
    return LevelsPage(rows, list(companies[:MOST_NAMED]), list(projects[:MOST_NAMED]))


def _keys(owner: Organization | Project) -> tuple[int, int]:
    """Returns the keys of a company and of a project whose levels are looked up; no project has the key zero."""
    return (owner.organization_id, owner.pk) if isinstance(owner, Project) else (owner.pk, 0)
