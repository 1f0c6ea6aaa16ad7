"""The installation's clock. Instants are stored in UTC; a day is a day of the configured time zone (R107)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

_override: ContextVar[datetime | None] = ContextVar("calypso_clock", default=None)


def now() -> datetime:
    """Returns the current instant, aware, in UTC."""
    return _override.get() or timezone.now()


@contextmanager
def set_to(instant: datetime) -> Iterator[None]:
    """Makes `now` return `instant` inside the context.

    Used for demonstration data, whose histories are written by the ordinary actions.
    """
    token = _override.set(instant)
    try:
        yield
    finally:
        _override.reset(token)


def today() -> date:
    """Returns the current calendar day in the installation's time zone."""
    return timezone.localdate(now())


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Returns the instant, in UTC, at which the wall clock says the hour on `day`; correct across clock changes."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute))).astimezone(UTC)


def start_of(day: date) -> datetime:
    """Returns the first instant of `day`, in UTC."""
    return at(day, 0)


def start_of_today() -> datetime:
    """Returns the first instant of the current day, in UTC."""
    return start_of(today())


def ago(**parts: float) -> datetime:
    """Returns the instant `timedelta(**parts)` before now."""
    return now() - timedelta(**parts)
