"""A period of calendar days, both ends included, in the installation's time zone (R107)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from calypso.base import clock
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _

MOST_DAYS = 731
USUAL_DAYS = 30
BY_DAY, BY_WEEK = 31, 183  # most days of a period split by day, by week; longer ones are split by month
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A period from the day `first` to the day `last`."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """Returns the first instant of the period, and the first instant after it."""
        return clock.start_of(self.first), clock.start_of(self.last + DAY)

    @property
    def unit(self) -> str:
        """Returns the unit that the period is split by: "day", "week" or "month"."""
        return "day" if self.days <= BY_DAY else "week" if self.days <= BY_WEEK else "month"

    def parts(self) -> list["Period"]:
        """Returns the days, weeks from Monday or months of the period, in order; the outer ones may be shorter."""
        return list(self._parts())

    def _parts(self) -> Iterator["Period"]:
        start = self.first
        while start <= self.last:
            end = min(self._end_of_part(start), self.last)
            yield Period(start, end)
            start = end + DAY

    def _end_of_part(self, start: date) -> date:
        if self.unit == "day":
            return start
        if self.unit == "week":
            return start + timedelta(days=6 - start.weekday())
        return (start.replace(day=1) + timedelta(days=32)).replace(day=1) - DAY


def latest(days: int) -> Period:
    """Returns the last `days` days, today included."""
    return Period(clock.today() - timedelta(days=days - 1), clock.today())


def parse_period(first: str, last: str) -> Period:
    """Parses a period between two days, `2026-11-01`; the last thirty days when both are empty.

    An empty last day is today; an empty first day gives thirty days. Raises Invalid for `since` or `until`.
    """
    until = _day("until", last) if last else clock.today()
    since = _day("since", first) if first else until - timedelta(days=USUAL_DAYS - 1)
    if until < since:
        raise Invalid({"until": [_("La fin de la période précède son début.")]})
    if (until - since).days >= MOST_DAYS:
        raise Invalid({"since": [_("Une période compte au plus %(most)d jours.") % {"most": MOST_DAYS}]})
    return Period(since, until)


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid({name: [_("Cette date n'existe pas.")]}) from None
    if not 2000 <= day.year < 2100:
        raise Invalid({name: [_("Cette date n'existe pas.")]})
    return day
