"""Business time: the hours that the team works, without nights, weekends and the country's public holidays.

`Calendar.reading` gives the business seconds elapsed since a fixed morning, so that the time between two instants is a
difference of readings, and a total over many tickets is a difference of sums. Hours are wall-clock hours of the
installation's time zone: when the clock changes, an hour that does not exist is not counted, and an hour that occurs
twice is counted twice.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from django.conf import settings

from calypso.base.chosen import chosen

FIRST_DAY = date(2015, 1, 1)  # readings count from this morning; earlier instants read 0
DAY_MINUTES = 24 * 60
HOLIDAYS = Path(__file__).with_name("holidays.txt")  # written by scripts/holidays from a maintained library (ADR 0009)


@dataclass(frozen=True, slots=True)
class Span:
    """A span of working time from `start` to `end`, in minutes since midnight by the wall clock."""

    start: int
    end: int

    def __str__(self) -> str:
        return "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.start, self.end))


def parse_days(text: str) -> frozenset[int]:
    """Parses days of the week, « 1,2,3 » where 1 is Monday, into Python's numbers (Monday is 0). Raises ValueError."""
    days = frozenset(int(part) - 1 for part in text.split(",") if part.strip())
    if not days or not days <= frozenset(range(7)):
        raise ValueError(f"days of the week are numbers from 1 (Monday) to 7, not {text!r}")
    return days


def parse_thresholds(text: str) -> tuple[int, ...]:
    """Parses numbers of days, « 7,2 », in descending order; empty for an empty text. Raises ValueError."""
    days = sorted({int(part) for part in text.split(",") if part.strip()}, reverse=True)
    if any(not 0 <= number <= 365 for number in days):
        raise ValueError(f"days before an event are numbers from 0 to 365, not {text!r}")
    return tuple(days)


def parse_hours(text: str) -> tuple[Span, ...]:
    """Parses a day's hours, « 09:00-12:30,14:00-18:00 », in order and apart; 24:00 ends a day. Raises ValueError."""
    spans = []
    for part in text.split(","):
        start, _dash, end = part.strip().partition("-")
        spans.append(Span(_minutes(start), _minutes(end)))
    ends = [minute for span in spans for minute in (span.start, span.end)]
    if any(later <= earlier for earlier, later in pairwise(ends)):
        raise ValueError(f"hours are spans in order, each after the other, not {text!r}")
    return tuple(spans)


def parse_quiet(text: str) -> Span | None:
    """Parses hours that may begin in the evening and end in the morning, « 20:00-07:30 »; None for an empty text.

    The end of such a night is counted from the day on which it begins. Raises ValueError.
    """
    if not text.strip():
        return None
    start, _dash, end = text.strip().partition("-")
    begins, ends = _minutes(start), _minutes(end)
    if begins == ends:
        raise ValueError(f"quiet hours begin and end at two hours, not {text!r}")
    return Span(begins, ends if ends > begins else ends + DAY_MINUTES)


def _minutes(text: str) -> int:
    hours, _colon, minutes = text.strip().partition(":")
    total = int(hours) * 60 + int(minutes)
    if not 0 <= total <= DAY_MINUTES or int(minutes) > 59:
        raise ValueError(f"an hour of the day is between 00:00 and 24:00, not {text!r}")
    return total


@cache
def public_holidays() -> dict[str, frozenset[date]]:
    """Returns the public holidays of each known country, by country code."""
    days_by_country: dict[str, set[date]] = {}
    for line in HOLIDAYS.read_text(encoding="ascii").splitlines():
        country, *days = line.split()
        days_by_country.setdefault(country, set()).update(map(date.fromisoformat, days))
    return {country: frozenset(days) for country, days in days_by_country.items()}


def check_country(code: str) -> str:
    """Returns `code` if it is empty or a country whose public holidays are known. Raises ValueError otherwise."""
    if code and code not in public_holidays():
        raise ValueError(f"{code!r} is none of {', '.join(public_holidays())}")
    return code


def parse_dates(text: str) -> frozenset[date]:
    """Parses dates, « 2026-12-24,2026-12-31 ». Raises ValueError."""
    return frozenset(date.fromisoformat(part.strip()) for part in text.split(",") if part.strip())


@dataclass(slots=True)
class Calendar:
    """A team's working time: the days of the week, the spans of a working day, the closed dates."""

    days: frozenset[int]
    spans: tuple[Span, ...]
    closed: frozenset[date]
    zone: ZoneInfo
    _starts: list[datetime] = field(default_factory=list)  # start of each worked span, in UTC
    _readings: list[int] = field(default_factory=list)  # the reading at each start
    _ends: list[datetime] = field(default_factory=list)
    _computed_until: date = FIRST_DAY
    _lock: Lock = field(default_factory=Lock)

    @property
    def day_seconds(self) -> int:
        """Returns the business seconds of a working day."""
        return sum((span.end - span.start) * 60 for span in self.spans)

    def reading(self, instant: datetime) -> int:
        """Returns the business seconds from `FIRST_DAY` to `instant`."""
        self._extend(instant.astimezone(self.zone).date())
        last = bisect_right(self._starts, instant) - 1
        if last < 0:
            return 0
        return self._readings[last] + _seconds(self._starts[last], min(instant, self._ends[last]))

    def between(self, start: datetime, end: datetime) -> int:
        """Returns the business seconds from `start` to `end`."""
        return self.reading(end) - self.reading(start)

    def after(self, start: datetime, seconds: int) -> datetime:
        """Returns the first instant, in UTC, at which `seconds` of business time have elapsed since `start`.

        Negative seconds give an instant before `start`: a deadline that is already missed lies in the past. The result
        is never before `FIRST_DAY`.
        """
        target = max(self.reading(start) + seconds, 1)
        day = max(self._computed_until, start.astimezone(self.zone).date())
        while not self._readings or self._readings[-1] + _seconds(self._starts[-1], self._ends[-1]) < target:
            day += timedelta(days=30)
            self._extend(day)
        index = bisect_left(self._readings, target) - 1
        return self._starts[index] + timedelta(seconds=target - self._readings[index])

    def _extend(self, day: date) -> None:
        """Computes the worked spans up to and including `day`."""
        if day < self._computed_until:
            return
        with self._lock:
            self._lay_out_until(day)

    def _lay_out_until(self, day: date) -> None:
        while self._computed_until <= day:
            if self._computed_until.weekday() in self.days and self._computed_until not in self.closed:
                self._lay_out(self._computed_until)
            self._computed_until += timedelta(days=1)

    def _lay_out(self, day: date) -> None:
        midnight = datetime.combine(day, time.min)
        for span in self.spans:
            start, end = (
                (midnight + timedelta(minutes=minute)).replace(tzinfo=self.zone).astimezone(UTC)
                for minute in (span.start, span.end)
            )
            reading = self._readings[-1] + _seconds(self._starts[-1], self._ends[-1]) if self._readings else 0
            self._starts.append(start)
            self._ends.append(end)
            self._readings.append(reading)


def calendar() -> Calendar:
    """Returns the calendar that the settings describe."""
    days, hours, zone = chosen("BUSINESS_DAYS"), chosen("BUSINESS_HOURS"), settings.TIME_ZONE
    return _calendar(days, hours, chosen("HOLIDAYS"), chosen("CLOSED_DAYS"), zone)


@cache
def _calendar(
    days: frozenset[int], spans: tuple[Span, ...], country: str, closed: frozenset[date], zone: str
) -> Calendar:
    national = public_holidays()[country] if country else frozenset()
    return Calendar(days, spans, national | closed, ZoneInfo(zone))


def _seconds(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds())
