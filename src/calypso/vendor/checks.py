"""What a public installation must have chosen, by the environment or at the desk, before it serves anybody (R138)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from calypso.accounts.queries import has_accounts
from calypso.base.chosen import chosen, is_fixed, is_saved

NAMES = ("VENDOR_NAME", "SUPPORT_ADDRESS")  # in public, a default would be somebody else's


def missing_names() -> list[str]:
    """Returns the names that people read and that nobody chose."""
    return [name for name in NAMES if not is_fixed(name) and not is_saved(name)]


@register(Tags.security)
def names_are_chosen(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Reports, at a public address, what people would read or do by a choice that nobody made.

    An installation without any account has no reader yet: `calypso init` takes the names.
    """
    if not settings.PRODUCTION:
        return []
    try:
        missing = missing_names() if has_accounts() else []
    except DatabaseError:  # not there, or not migrated: whoever needs it says so
        missing = []
    said = "is not set, nor chosen at the desk: people would read a made-up one."
    messages: list[CheckMessage] = [Error(f"CALYPSO_{name} {said}", id="calypso.E007") for name in missing]
    if chosen("CLIENT_PASSWORD_POLICY") == "guide":
        messages.append(
            Warning(
                "Clients may choose passwords of six characters; CALYPSO_CLIENT_PASSWORD_POLICY=cnil asks for twelve.",
                id="calypso.W001",
            )
        )
    return messages
