"""The format in which the demonstration describes the history of a ticket: when, who, what, with which text."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from calypso.base import clock


@dataclass(frozen=True, slots=True)
class Act:
    """An action. `what` is `comment`, `note`, `assign:<person>`, `priority:<n>`, or a step of the workflow."""

    when: str
    who: str
    what: str
    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket and its whole history. Dates are `dd/mm/yyyy hh:mm`, in the installation's time zone."""

    reference: str
    when: str
    who: str
    priority: str
    title: str
    acts: tuple[Act, ...] = ()
    description: str = ""
    context: str = ""
    page_url: str = ""
    follower: str = ""
    files: tuple[str, ...] = ()
    typed_by: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A project of the demonstration and its tickets. `live_on` is when it left set-up; `event` a date."""

    name: str
    company: str
    created: str
    client_manager: str = ""
    live_on: str = ""
    event: str = ""
    event_in_days: int = 0
    viewers: tuple[str, ...] = ()
    archived_on: str = ""
    stories: tuple[Story, ...] = field(default_factory=tuple)


LOW, MEDIUM, HIGH, BLOCKING = "1", "2", "3", "4"
TODAY = "today"


def taken(when: str, agent: str = "sb") -> tuple[Act, ...]:
    """Returns the actions of a ticket assigned by the project manager, then started."""
    return (Act(when, "xb", f"assign:{agent}"), Act(when, agent, "start"))


def processed(when: str, text: str, agent: str = "sb") -> tuple[Act, ...]:
    """Returns the actions of a ticket assigned, started and processed at the same time."""
    return (*taken(when, agent), Act(when, agent, "process", text))


def instant(when: str) -> datetime:
    """Parses `dd/mm/yyyy hh:mm` in the installation's time zone; `TODAY` is 11:19 today, or now when it is earlier."""
    if when == TODAY:
        return min(clock.start_of_today() + timedelta(hours=11, minutes=19), timezone.now())
    return timezone.make_aware(datetime.strptime(when, "%d/%m/%Y %H:%M"))  # noqa: DTZ007 - made aware at once
