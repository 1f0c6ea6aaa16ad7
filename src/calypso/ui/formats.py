"""How values are written on pages and in mails: dates, hours, sizes, texts (design system, S42, S50)."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from markupsafe import Markup

from calypso.base import clock
from calypso.base.catalogue import gettext_noop
from calypso.base.i18n import NARROW, gettext, of
from calypso.base.period import Period
from calypso.base.text import clip
from calypso.ui.texts import as_linked, as_page, as_text

EMPTY = "—"
NO_BREAK = "\u00a0"
_MARK = Markup("<mark>%s</mark>")
_LETTER = re.compile(r"[^\W\d_]")
TEN_HOURS = 36_000  # seconds, from which minutes are not shown
HOUR, WEEK = 60, 7  # minutes, days


def _local(value: datetime) -> datetime:
    """Returns an instant in the zone of the installation, a setting: people have no zone of their own."""
    return value.astimezone(timezone.get_default_timezone())


def as_date(value: date | datetime | None) -> str:
    """Returns `28/01/2019`; a dash for None."""
    if value is None:
        return EMPTY
    day = _local(value) if isinstance(value, datetime) else value
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def as_iso_date(value: str) -> str:
    """Returns `28/01/2019` for a day stored as `2019-01-28`."""
    return as_date(date.fromisoformat(value))


def as_day(value: datetime | None) -> str:
    """Returns `28/01`, for the progress line; empty for None."""
    return _local(value).strftime("%d/%m") if value else ""


def as_instant(value: datetime | None) -> str:
    """Returns `29/03/2019 14:17`; a dash for None."""
    if value is None:
        return EMPTY
    local = _local(value)
    return f"{local.day:02}/{local.month:02}/{local.year:04} {local.hour:02}:{local.minute:02}"


def as_hour(value: datetime) -> str:
    """Returns `11h19` in French, `11:19` in English, for the lists of the day (S42)."""
    return _local(value).strftime("%Hh%M" if get_language() == "fr" else "%H:%M")


_DAYS = (
    gettext_noop("lun."),
    gettext_noop("mar."),
    gettext_noop("mer."),
    gettext_noop("jeu."),
    gettext_noop("ven."),
    gettext_noop("sam."),
    gettext_noop("dim."),
)


def as_moment(value: datetime) -> str:
    """Returns when something is due: « 16:30 » today, « demain 10:00 », « jeu. 12:00 » within a week, else `28/01`.

    The year is said when it is another one.
    """
    local = _local(value)
    days = (local.date() - clock.today()).days
    if not 0 <= days < 7:
        return local.strftime("%d/%m" if local.year == clock.today().year else "%d/%m/%Y")
    hour = local.strftime("%H:%M")
    if days == 0:
        return hour
    return f"{gettext('demain') if days == 1 else gettext(_DAYS[local.weekday()])} {hour}"


def as_ago(value: datetime) -> str:
    """Returns when something was: « il y a 18 min », « il y a 3 h », « hier 17:40 », « lun. 14:02 », else a date."""
    minutes, local = int((clock.now() - value).total_seconds() // 60), _local(value)
    days = (clock.today() - local.date()).days
    if minutes < 1:
        return gettext("à l'instant")
    if minutes < HOUR:
        return gettext("il y a § min").replace("§", str(minutes))
    if days <= 0:
        return gettext("il y a § h").replace("§", str(minutes // HOUR))
    if days < WEEK:
        return f"{gettext('hier') if days == 1 else gettext(_DAYS[local.weekday()])} {local.strftime('%H:%M')}"
    return as_date(value)


def is_recent(value: datetime) -> bool:
    """Returns whether `as_ago` says minutes or hours, which the time that passes makes wrong."""
    return clock.today() == _local(value).date() or (clock.now() - value).total_seconds() < HOUR * 60


def as_late(due: Any) -> str:
    """Returns how late something is: « 45 min » or « 2 h 10 » of business time, then calendar days, « 3 j »."""
    days = (clock.now() - due.at).days
    if due.seconds < TEN_HOURS or not days:
        return as_spell(due.seconds)
    return f"{days:,}{NO_BREAK}{gettext('j')}".replace(",", NARROW)


def as_spell(seconds: int) -> str:
    """Returns a business time in seconds, rounded: « 45 min », « 6 h 30 »; without minutes from ten hours, « 38 h »."""
    if seconds >= TEN_HOURS:
        return f"{round(seconds / 3600):,}{NO_BREAK}h".replace(",", NARROW)
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return f"{minutes}{NO_BREAK}min"
    if not minutes:
        return f"{hours}{NO_BREAK}h"
    return f"{hours}{NO_BREAK}h{NO_BREAK}{minutes:02}"


def as_days(period: Period) -> str:
    """Returns a day or a whole month as `12/11/2026` or `11/2026`; other periods as `12/11–18/11/2026`."""
    first, last = period.first, period.last
    if first == last:
        return as_date(first)
    if first.day == 1 and (last + timedelta(days=1)).day == 1 and (first.year, first.month) == (last.year, last.month):
        return first.strftime("%m/%Y")
    return f"{first.strftime('%d/%m' if first.year == last.year else '%d/%m/%Y')}–{as_date(last)}"


def as_share(value: float | None) -> str:
    """Returns a fraction of one as « 7,2 % », `7.2%` in English; a dash for None."""
    if value is None:
        return EMPTY
    number = as_decimal(100 * value)
    return f"{number}{NARROW}%" if get_language() == "fr" else f"{number}%"


def as_decimal(value: float) -> str:
    """Returns a number with at most one decimal: « 1,4 », `1.4` in English."""
    number = f"{value:.1f}".removesuffix(".0")
    return number.replace(".", ",") if get_language() == "fr" else number


def as_iso(value: date | datetime) -> str:
    """Returns the ISO 8601 form, for the `datetime` attribute."""
    return value.isoformat()


def as_size(value: int) -> str:
    """Returns a size in bytes as « 92 Ko », « 1,2 Mo » or « 84 Go »; « 92 KB », « 1.2 MB » or « 84 GB » in English."""
    french = get_language() == "fr"
    kilo, mega, giga = ("Ko", "Mo", "Go") if french else ("KB", "MB", "GB")
    if value < 1024**2:
        return f"{round(value / 1024) or bool(value):d}{NARROW}{kilo}"  # only an empty file shows 0
    scale, unit = (1024**2, mega) if value < 1024**3 else (1024**3, giga)
    number = f"{value / scale:.1f}".removesuffix(".0")
    return f"{number.replace('.', ',') if french else number}{NARROW}{unit}"


def as_dialled(phone: str) -> str:
    """Returns what a telephone dials of « +33 (0)1 23 45 67 89, poste 12 »: `+33123456789`."""
    number = _LETTER.split(phone.replace("(0)", ""), maxsplit=1)[0]
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def as_marked(parts: Iterable[tuple[str, bool]]) -> Markup:
    """Returns as HTML a text in parts, each with whether it is highlighted."""
    return Markup().join(_MARK % text if is_marked else text for text, is_marked in parts)


def as_clip(value: str, limit: int) -> str:
    """Returns a text on one line, cut with an ellipsis."""
    return clip(value, limit)


def as_link_text(address: str) -> str:
    """Returns a URL short enough for a column: its end, without the scheme."""
    bare = address.split("://", 1)[-1]
    return bare if len(bare) <= 32 else "…" + bare[-30:]


def as_lower_first(text: str) -> str:
    """Returns a label as it goes on inside a sentence: « marquer traité »."""
    return text[:1].lower() + text[1:]


FILTERS = {
    "date": as_date,
    "iso_date": as_iso_date,
    "day": as_day,
    "instant": as_instant,
    "hour": as_hour,
    "moment": as_moment,
    "ago": as_ago,
    "is_recent": is_recent,
    "late": as_late,
    "spell": as_spell,
    "of": of,
    "dialled": as_dialled,
    "days": as_days,
    "share": as_share,
    "decimal": as_decimal,
    "iso": as_iso,
    "size": as_size,
    "text": as_text,
    "page_text": as_page,
    "linked": as_linked,
    "marked": as_marked,
    "clip": as_clip,
    "link_text": as_link_text,
    "lower_first": as_lower_first,
}
