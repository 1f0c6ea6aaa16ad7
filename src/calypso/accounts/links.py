"""Signed, single-use links of one hour to choose a password (decision 19, R24–R27). They are not stored.

A link ends after an hour, after any change of password, address or company, and after a deactivation, because each of
these changes what is signed. First connection and reset are signed with different salts.
"""

from datetime import UTC, datetime
from enum import StrEnum

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from calypso.accounts.models import User


class Purpose(StrEnum):
    """The purpose of a link, on which its page and its mail depend."""

    FIRST_CONNECTION = "premiere-connexion"
    RESET = "reinitialisation"


class _Generator(PasswordResetTokenGenerator):
    def __init__(self, purpose: Purpose) -> None:
        super().__init__()
        self.key_salt = f"calypso.accounts.links.{purpose.value}"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.pk}{user.password}{user.stamp}{user.email}{timestamp}"

    def _now(self) -> datetime:
        # Django's method reads the local time, which jumps an hour twice a year (R107).
        return datetime.now(UTC).replace(tzinfo=None)


_GENERATORS = {purpose: _Generator(purpose) for purpose in Purpose}


def purpose_for(user: User) -> Purpose:
    """Returns the link that a person needs: first connection until they chose a password, then reset (R22)."""
    return Purpose.RESET if user.has_connected else Purpose.FIRST_CONNECTION


def mint(user: User, purpose: Purpose) -> str:
    """Returns a new token, `<person>.<signature>`, valid from now."""
    return f"{user.key}.{_GENERATORS[purpose].make_token(user)}"


def person_of(token: str) -> str:
    """Returns the public key of the person that a token names, whether or not the token is valid."""
    return token.partition(".")[0][:16]


def is_alive(user: User, purpose: Purpose, token: str) -> bool:
    """Returns whether the token is valid for this person and purpose."""
    signature = token.partition(".")[2]
    return (
        user.active
        and bool(signature)
        and purpose is purpose_for(user)
        and _GENERATORS[purpose].check_token(user, signature)
    )
