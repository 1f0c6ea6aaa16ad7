"""Service levels: within how many business hours the team means to answer and to process."""

from dataclasses import dataclass

from calypso.accounts.models import User
from calypso.base.errors import Forbidden
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.models import Project
from calypso.sla.models import ServiceLevel
from calypso.tickets.priorities import Priority

HOUR = 3600

# Business hours until the first answer and until the ticket is processed, where a vendor wrote nothing else.
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
    """What the team aims at, in business hours; None where it aims at nothing."""

    answer_hours: int | None
    process_hours: int | None


def hours_name(phase: str, priority: str, which: str) -> str:
    """How a form, and the refusal of an action, call one of the two numbers (`Level`'s fields) of a level."""
    return f"{phase}-{priority}-{which}"


type Levels = dict[tuple[str, str], Level]


def levels() -> Levels:
    """The level of each phase and retained priority: what was written, else the defaults. One query."""
    known: Levels = {(phase, priority.value): Level(*hours) for (phase, priority), hours in DEFAULT_HOURS.items()}
    for row in _WRITTEN.fetch():
        known[row.phase, row.priority] = Level(row.answer_hours, row.process_hours)
    return known


_WRITTEN = CompiledQuery(ServiceLevel.objects.all)


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One line of the table of service levels."""

    phase: Project.Phase
    priority: str
    level: Level

    def name(self, which: str) -> str:
        """The name of one of its two numbers, as forms and refusals say it."""
        return hours_name(self.phase, self.priority, which)


def level_rows(viewer: User) -> list[LevelRow]:
    """The service levels of every phase and priority. For the team."""
    if viewer.is_client:
        raise Forbidden
    return [LevelRow(Project.Phase(phase), priority, level) for (phase, priority), level in levels().items()]
