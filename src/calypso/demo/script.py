"""The format in which the demonstration describes the history of a ticket: when, who, what, with which text."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from calypso.base import clock

type Deed = tuple[datetime, Callable[[], object]]  # when something was done, and what does it


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
    """A ticket and its whole history. Dates are what `instant` reads."""

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


LAST_DAY = date(2019, 4, 2)  # of the guide
SATURDAY = 5
LOW, MEDIUM, HIGH, BLOCKING = "1", "2", "3", "4"
TODAY = "today"


def taken(when: str, agent: str = "sb", text: str = "") -> tuple[Act, ...]:
    """Returns the actions of a ticket assigned by the project manager, then started with these words, if any."""
    return (Act(when, "xb", f"assign:{agent}"), Act(when, agent, "start", text))


def processed(when: str, text: str, agent: str = "sb") -> tuple[Act, ...]:
    """Returns the actions of a ticket assigned, started and processed at the same time."""
    return (*taken(when, agent), Act(when, agent, "process", text))


def instant(when: str) -> datetime:
    """Returns the instant of `dd/mm/yyyy hh:mm` or of `J-n hh:mm`, in the installation's time zone.

    A date of the guide moves by the whole number of weeks that brings its last day, 2 April 2019, to the latest Tuesday
    before today: weekdays and intervals stay. `J-n` is n working days before today. `TODAY` is 11:19 today, or now when
    it is earlier. Today is the machine's: the clock is set to the past while histories are written.
    """
    if when == TODAY:
        return min(clock.start_of(timezone.localdate()) + timedelta(hours=11, minutes=19), timezone.now())
    day, _space, hour = when.partition(" ")
    date_of = _days_ago(int(day[2:])) if day.startswith("J-") else moved(datetime.strptime(day, "%d/%m/%Y").date())  # noqa: DTZ007 - a day
    return timezone.make_aware(datetime.combine(date_of, time.fromisoformat(hour)))


def moved(day: date) -> date:
    """Returns the day on which the demonstration says that a day of the guide was."""
    weeks = (timezone.localdate() - LAST_DAY - timedelta(days=1)) // timedelta(weeks=1)
    return day + timedelta(weeks=weeks)


def _days_ago(number: int) -> date:
    """Returns the day that was `number` working days ago."""
    day = timezone.localdate()
    while number:
        day -= timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day
