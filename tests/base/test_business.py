"""Business time against a count that knows nothing of it: minute after minute, asking of each whether it is worked."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calypso.base.business import Calendar, Span, calendar, check_country, parse_dates, parse_days, parse_hours

PARIS = ZoneInfo("Europe/Paris")
# The public holidays of France in the months that the cases cross, as the law and the moon give them.
CLOSED = {date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25), date(2026, 4, 6), date(2026, 1, 1)}
OFFICE = [(time(9), time(12, 30)), (time(14), time(18))]
NIGHT_AND_DAY = [(time(0), None)]


def worked(instant: datetime, hours, days: int) -> bool:
    local = instant.astimezone(PARIS)
    if local.weekday() >= days or local.date() in CLOSED:
        return False
    return any(start <= local.time() and (end is None or local.time() < end) for start, end in hours)


def counted(start: datetime, end: datetime, hours, days: int = 5) -> int:
    """Business seconds by looking at every minute."""
    minutes, at = 0, start
    while at < end:
        minutes += worked(at, hours, days)
        at += timedelta(minutes=1)
    return minutes * 60


def office() -> Calendar:
    return Calendar(parse_days("1,2,3,4,5"), parse_hours("09:00-12:30,14:00-18:00"), frozenset(CLOSED), PARIS)


def always() -> Calendar:
    return Calendar(parse_days("1,2,3,4,5,6,7"), parse_hours("00:00-24:00"), frozenset(CLOSED), PARIS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(
    "start, end, hours",
    [
        ("2026-03-03 10:00", "2026-03-03 11:00", 1),  # within a morning
        ("2026-03-03 12:00", "2026-03-03 15:00", 1.5),  # over lunch
        ("2026-03-03 17:00", "2026-03-04 10:00", 2),  # over a night
        ("2026-03-03 20:00", "2026-03-04 06:00", 0),  # within a night
        ("2026-03-06 17:00", "2026-03-09 10:00", 2),  # over a weekend
        ("2026-03-07 10:00", "2026-03-08 10:00", 0),  # within a weekend
        ("2026-04-30 17:00", "2026-05-04 10:00", 2),  # over 1 May, a Friday
        ("2026-05-01 10:00", "2026-05-01 17:00", 0),  # within 1 May
        ("2026-05-13 17:00", "2026-05-15 10:00", 2),  # over Ascension Day
        ("2026-03-27 17:00", "2026-03-30 10:00", 2),  # over the night when hours go forward
        ("2026-10-23 17:00", "2026-10-26 10:00", 2),  # over the night when they go back
        ("2026-03-03 10:00", "2026-03-03 10:00", 0),
    ],
)
def test_business_hours_between_two_instants(start: str, end: str, hours: float) -> None:
    assert office().between(at(start), at(end)) == hours * 3600 == counted(at(start), at(end), OFFICE)


@pytest.mark.parametrize("day, hours", [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_without_night_lasts_as_long_as_the_clock_makes_it(day: str, hours: int) -> None:
    start, end = at(f"{day} 00:00"), at(f"{date.fromisoformat(day) + timedelta(days=1)} 00:00")
    assert always().between(start, end) == hours * 3600 == counted(start, end, NIGHT_AND_DAY, 7)


MINUTES = st.integers(0, 120 * 24 * 60).map(lambda minutes: at("2026-03-01 00:00") + timedelta(minutes=minutes))


@settings(max_examples=30)
@given(MINUTES, st.integers(0, 5 * 24 * 60))
def test_any_two_instants(start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    assert office().between(start, end) == counted(start, end, OFFICE)


WORKING = office()


@given(MINUTES, st.integers(1, 400_000))
def test_what_is_due_after_is_the_first_instant_that_far(start: datetime, seconds: int) -> None:
    due = WORKING.after(start, seconds)
    assert WORKING.between(start, due) == seconds
    assert WORKING.between(start, due - timedelta(seconds=1)) == seconds - 1


def test_what_was_due_before_lies_in_the_past() -> None:
    assert office().after(at("2026-03-04 10:00"), -2 * 3600) == at("2026-03-03 17:00")


def test_nothing_is_read_before_the_first_day() -> None:
    assert office().reading(datetime(2001, 1, 1, tzinfo=UTC)) == 0


def test_the_settings_give_the_calendar(db, settings) -> None:
    settings.CLOSED_DAYS = parse_dates("2026-12-24")
    assert calendar().between(at("2026-12-23 17:00"), at("2026-12-28 10:00")) == 2 * 3600  # Thursday, Christmas
    settings.HOLIDAYS = ""
    assert calendar().between(at("2026-12-23 17:00"), at("2026-12-28 10:00")) == 11 * 3600
    assert [str(span) for span in calendar().spans] == ["09:00–18:00"]


@pytest.mark.parametrize(
    "read, text",
    [
        (parse_days, ""),
        (parse_days, "0,1"),
        (parse_days, "lundi"),
        (parse_hours, ""),
        (parse_hours, "18:00-09:00"),
        (parse_hours, "09:00-12:00,11:00-18:00"),
        (parse_hours, "09:00-25:00"),
        (parse_hours, "09:75-12:00"),
        (parse_dates, "24/12/2026"),
        (check_country, "Atlantide"),
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused(read, text: str) -> None:
    with pytest.raises(ValueError, match=".+"):
        read(text)


def test_hours_are_read() -> None:
    assert parse_hours("00:00-24:00") == (Span(0, 1440),)
    assert check_country("FR") == "FR"
    assert check_country("") == ""
