"""The quiet hours, during which no notice is sent (chosen by the vendor, decision 29)."""

from datetime import date, datetime, timedelta

from calypso.base import clock
from calypso.base.chosen import chosen


def ends(now: datetime) -> datetime | None:
    """Returns when the quiet hours that `now` is in end; None outside of them, or without any."""
    hours = chosen("QUIET_HOURS")
    if hours is None:
        return None
    today = clock.today()
    for day in (today - timedelta(days=1), today):  # a night began yesterday
        if _at(day, hours.start) <= now < _at(day, hours.end):
            return _at(day, hours.end)
    return None


def _at(day: date, minutes: int) -> datetime:
    """Returns the instant that many minutes after the beginning of a day, by the wall clock."""
    days, minute = divmod(minutes, 24 * 60)
    return clock.at(day + timedelta(days=days), *divmod(minute, 60))
