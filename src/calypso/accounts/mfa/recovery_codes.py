"""Recovery codes for a lost telephone: shown once, stored as digests, used once (decision 21, R44)."""

import secrets

from django.utils.crypto import salted_hmac

from calypso.accounts.models import User
from calypso.base.references import ALPHABET

_SALT = "calypso.accounts.factors.recovery"
CODES = 10  # recovery codes at a time


def new_recovery_codes() -> list[str]:
    """Returns ten new codes as a person copies them, `XXXXX-XXXXX`."""
    codes = ("".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(CODES))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def plain_code(typed: str) -> str:
    """Returns a typed code in the form of which digests are made, whatever its spaces, dashes and case."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    return f"{signs[:5]}-{signs[5:]}" if len(signs) == 10 else signs


def recovery_digest(person: User, code: str) -> str:
    """Returns the stored digest of a recovery code, which is useless without the installation's secret key."""
    return salted_hmac(f"{_SALT}.{person.key}", code, algorithm="sha256").hexdigest()
