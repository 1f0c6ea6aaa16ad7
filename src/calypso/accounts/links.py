"""One-hour, single-use links to choose a password (decision 19, R24–R27). Nothing is stored: they are signed.

A link dies after an hour, after any change of password, address or company, and after a deactivation, because each of
these changes what is signed. First connection and reset have signatures of their own.
"""

from datetime import UTC, datetime
from enum import StrEnum

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from calypso.accounts.models import User


class Purpose(StrEnum):
    """Why a link was asked for; the page and the mail differ."""

    FIRST_CONNECTION = "premiere-connexion"
    RESET = "reinitialisation"


class _Generator(PasswordResetTokenGenerator):
    def __init__(self, purpose: Purpose) -> None:
        super().__init__()
        self.key_salt = f"calypso.accounts.links.{purpose.value}"

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.pk}{user.password}{user.stamp}{user.email}{timestamp}"

    def _now(self) -> datetime:
        # Django's reads the local clock, which jumps an hour twice a year (R107).
        return datetime.now(UTC).replace(tzinfo=None)


_GENERATORS = {purpose: _Generator(purpose) for purpose in Purpose}


def purpose_for(user: User) -> Purpose:
    """The link a person needs: the first connection's until a password was chosen, the reset's after (R22)."""
    return Purpose.RESET if user.has_connected else Purpose.FIRST_CONNECTION


def mint(user: User, purpose: Purpose) -> str:
    """A new token, `<person>.<signature>`, alive from now."""
    return f"{user.key}.{_GENERATORS[purpose].make_token(user)}"


def person_of(token: str) -> str:
    """The public key of the person whom a token names; says nothing of its validity."""
    return token.partition(".")[0][:16]


def is_alive(user: User, purpose: Purpose, token: str) -> bool:
    """Whether this token still opens that page for that person."""
    signature = token.partition(".")[2]
    return (
        user.active
        and bool(signature)
        and purpose is purpose_for(user)
        and _GENERATORS[purpose].check_token(user, signature)
    )
