"""Service levels: within how many business hours the team aims to answer and to process a ticket."""

from dataclasses import dataclass

from calypso.accounts.models import User
from calypso.base.errors import Forbidden
from calypso.internals.compiled_query import CompiledQuery
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


@dataclass(frozen=True, slots=True)
class Level:
    """The targets of the team, in business hours; None where there is no target."""

    answer_hours: int | None
    process_hours: int | None


def hours_name(phase: str, priority: str, field: str) -> str:
    """Returns the name, in forms and in errors of actions, of one of the two numbers (`Level`'s fields) of a level."""
    return f"{phase}-{priority}-{field}"


type Levels = dict[tuple[str, str], Level]


def levels() -> Levels:
    """Returns the level of each phase and retained priority: the saved one, else the default. One query."""
    levels_by_key: Levels = {
        (phase, priority.value): Level(*hours) for (phase, priority), hours in DEFAULT_HOURS.items()
    }
    for row in _SAVED_LEVELS.fetch():
        levels_by_key[row.phase, row.priority] = Level(row.answer_hours, row.process_hours)
    return levels_by_key


_SAVED_LEVELS = CompiledQuery(ServiceLevel.objects.all)


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One row of the table of service levels."""

    phase: Project.Phase
    priority: str
    level: Level

    def name(self, field: str) -> str:
        """Returns the name of one of its two numbers, as `hours_name` does."""
        return hours_name(self.phase, self.priority, field)


def level_rows(viewer: User) -> list[LevelRow]:
    """Returns the service levels of every phase and priority. For the team: raises Forbidden for a client."""
    if viewer.is_client:
        raise Forbidden
    return [LevelRow(Project.Phase(phase), priority, level) for (phase, priority), level in levels().items()]
