"""System checks at start-up: with CALYPSO_PRODUCTION on, an unsafe setting prevents the start (R137, R138)."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

LINK_SECONDS = 3600
_SAFE_SQLITE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


def sqlite_is_safe(version: tuple[int, ...]) -> bool:
    """Returns whether this SQLite version has the fix of the write-ahead log's reset bug."""
    return version >= _SAFE_SQLITE[0] or any(version[:2] == safe[:2] and version >= safe for safe in _SAFE_SQLITE)


@register(Tags.security)
def production_is_safe(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Reports the settings that are unsafe for a public installation."""
    return problems_of(settings)


@register(Tags.security)
def variables_are_known(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Reports CALYPSO_ variables that no setting reads: whoever set one believes that it has an effect."""
    return [Error(f"{name} is not a setting.", id="calypso.E008") for name in settings.UNKNOWN_VARIABLES]


def problems_of(settings: Any) -> list[CheckMessage]:
    """Returns what is unsafe in `settings` for a public address; nothing when PRODUCTION is off (embedded use)."""
    if not settings.PRODUCTION:
        return []
    messages: list[CheckMessage] = []
    if settings.DEBUG:
        messages.append(Error("CALYPSO_DEBUG is on.", id="calypso.E001"))
    if len(settings.SECRET_KEY) < 40:
        messages.append(Error("CALYPSO_SECRET_KEY is shorter than 40 characters.", id="calypso.E002"))
    if not settings.SITE_URL.startswith("https://"):
        messages.append(Error("CALYPSO_SITE_URL is not an https address.", id="calypso.E003"))
    if any("*" in host or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        messages.append(Error("CALYPSO_ALLOWED_HOSTS must name each host exactly.", id="calypso.E004"))
    if settings.PASSWORD_RESET_TIMEOUT != LINK_SECONDS:
        messages.append(Error("Links must live one hour exactly.", id="calypso.E005"))
    sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if sqlite and not sqlite_is_safe(sqlite3.sqlite_version_info):
        messages.append(
            Error(
                f"SQLite {sqlite3.sqlite_version} can lose commits; use PostgreSQL, or SQLite 3.51.3 or later.",
                id="calypso.E006",
            )
        )
    if not settings.MAIL_FROM_GIVEN:
        messages.append(Error("CALYPSO_MAIL_FROM is not set: mails would have no sender.", id="calypso.E007"))
    if settings.MAIL_SERVER is None:
        messages.append(Warning("CALYPSO_EMAIL_URL is not set: no mail will leave.", id="calypso.W002"))
    return messages
