"""The calendar of the installation. Instants are stored in UTC; a day is a day of the configured zone (R107)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

_set: ContextVar[datetime | None] = ContextVar("calypso_clock", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return _set.get() or timezone.now()


@contextmanager
def set_to(instant: datetime) -> Iterator[None]:
    """Acts as if it were `instant`: for demonstration data, whose histories are written by the ordinary actions."""
    token = _set.set(instant)
    try:
        yield
    finally:
        _set.reset(token)


def today() -> date:
    """The current calendar day where the installation lives."""
    return timezone.localdate(now())


def at(day: date, hour: int) -> datetime:
    """The instant of `day` at which the clock on the wall says `hour`, in UTC; right when the clock changes."""
    return timezone.make_aware(datetime.combine(day, time(hour))).astimezone(UTC)


def start_of(day: date) -> datetime:
    """The first instant of `day`, in UTC."""
    return at(day, 0)


def start_of_today() -> datetime:
    """The first instant of the current day, in UTC."""
    return start_of(today())


def ago(**parts: float) -> datetime:
    """The instant that lies `timedelta(**parts)` in the past."""
    return now() - timedelta(**parts)
