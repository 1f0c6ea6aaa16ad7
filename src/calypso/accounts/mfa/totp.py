"""Codes of an authenticator application (TOTP), as a second factor (decision 21, R44).

The secret of an application being added is signed and carried by the form, for ten minutes: nothing is stored for a
person who gives up.
"""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing

from calypso.accounts.mfa import one_time_challenges
from calypso.accounts.models import Factor, User
from calypso.base.chosen import chosen

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

LIFE = int(one_time_challenges.LIFE.total_seconds())  # seconds during which an enrolment can be finished
_SALT = "calypso.accounts.mfa.totp"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An application to be added: `token` is posted with the first code; `secret` and `qr` (SVG) are shown.

    `uri` (`otpauth:`) opens the application on the phone that shows the page.
    """

    token: str
    secret: str
    qr: str
    uri: str

    @property
    def spaced(self) -> str:
        """Returns the secret in groups of four, to be typed."""
        return " ".join(self.secret[place : place + 4] for place in range(0, len(self.secret), 4))


def _fernet() -> "Fernet":
    from cryptography.fernet import Fernet  # takes six megabytes: imported only when needed

    digest = hashlib.sha256(f"{settings.SECRET_KEY}:{_SALT}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def seal(secret: str) -> str:
    """Returns a secret as stored, encrypted with the installation's secret key."""
    return _fernet().encrypt(secret.encode()).decode()


def _secret_of(factor: Factor) -> str:
    from cryptography.fernet import InvalidToken

    try:
        return _fernet().decrypt(factor.secret.encode()).decode()
    except InvalidToken:  # the installation's secret key was replaced: no code matches
        return ""


def app_enrolment(person: User) -> Enrolment:
    """Returns a new secret for the person's application, with its QR code as inline SVG."""
    import pyotp

    secret = pyotp.random_base32()
    return _enrolment(person, signing.dumps([person.key, secret], salt=f"{_SALT}.app"), secret)


def _enrolment(person: User, token: str, secret: str) -> Enrolment:
    import pyotp
    import segno

    uri = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=chosen("PRODUCT_NAME"))
    qr = segno.make(uri, error="m").svg_inline(scale=4, light="#fff", svgclass="qr")
    return Enrolment(token, secret, qr, uri)


def enrolled_secret(person: User, token: str) -> str | None:
    """Returns the secret that `token` carries; None if invalid, of another person, or older than ten minutes."""
    try:
        key, secret = signing.loads(token, salt=f"{_SALT}.app", max_age=LIFE)
    except (signing.BadSignature, ValueError):
        return None
    return str(secret) if key == person.key else None


def enrolment_again(person: User, token: str) -> Enrolment:
    """Returns the enrolment of a refused form, for the same application; a new one when it expired."""
    secret = enrolled_secret(person, token)
    return app_enrolment(person) if secret is None else _enrolment(person, token, secret)


def step_of(secret: str, code: str) -> int | None:
    """Returns the half-minute of a code: the current, previous or next one; None for a wrong code."""
    import pyotp

    now = int(time.time()) // 30
    if secret and code.isascii() and code.isdigit():
        for step in (now, now - 1, now + 1):
            if secrets.compare_digest(pyotp.TOTP(secret).generate_otp(step), code):
                return step
    return None


def code_step(factor: Factor, code: str) -> int | None:
    """Returns `step_of` for an application that was added."""
    return step_of(_secret_of(factor), code)
