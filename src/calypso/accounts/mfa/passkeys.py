"""Passkeys: the two ceremonies of WebAuthn, checked by the server (decision 21, R44).

What a ceremony must remember between its two requests travels in the form, signed, for ten minutes; an answered
challenge cannot serve twice.
"""

import base64
import hashlib
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing

from calypso.accounts.mfa import one_time_challenges
from calypso.accounts.models import Factor, User

# The library and its cryptography weigh twelve megabytes in each process: they come where a passkey is made or used.
if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData

_SALT = "calypso.accounts.mfa.passkeys"
# Every way in which an answer may be malformed: the browser's JSON, its CBOR, its signature, its algorithm.
_BAD_ANSWER = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, struct.error, RecursionError),
    *(AssertionError, NotImplementedError),
)


@dataclass(frozen=True, slots=True)
class Ceremony:
    """A passkey about to be created or used: `options` for the browser (JSON), `token` goes back with its answer."""

    token: str
    options: str


def are_possible() -> bool:
    """Whether browsers accept passkeys at the public address: a name, over https or on this machine."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return bool(settings.SECURE or host == "localhost")
    return False


def _server() -> "Fido2Server":
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    rp = PublicKeyCredentialRpEntity(id=urlsplit(settings.SITE_URL).hostname or "", name=settings.PRODUCT_NAME)
    return Fido2Server(rp, verify_origin=lambda origin: origin == settings.SITE_URL)


def _credential(factor: Factor) -> "AttestedCredentialData":
    from fido2.webauthn import AttestedCredentialData

    return AttestedCredentialData(base64.b64decode(factor.secret))


def _preferred() -> Any:
    from fido2.webauthn import UserVerificationRequirement

    return UserVerificationRequirement.PREFERRED


def _ceremony(person: User, purpose: str, options: Any, state: Mapping[str, Any]) -> Ceremony:
    token = signing.dumps([person.key, state["challenge"], secrets.token_hex(8)], salt=f"{_SALT}.{purpose}")
    return Ceremony(token, json.dumps(dict(options)["publicKey"]))


def creation(person: User, known: list[Factor]) -> Ceremony:
    """What the browser needs to create a passkey for this person."""
    from fido2.webauthn import PublicKeyCredentialUserEntity

    user = PublicKeyCredentialUserEntity(id=person.key.encode(), name=person.email, display_name=person.full_name)
    begun = _server().register_begin(user, [_credential(factor) for factor in known], user_verification=_preferred())
    return _ceremony(person, "create", *begun)


def use(person: User, known: list[Factor]) -> Ceremony:
    """What the browser needs to prove one of these passkeys."""
    begun = _server().authenticate_begin([_credential(factor) for factor in known], user_verification=_preferred())
    return _ceremony(person, "use", *begun)


def created(person: User, token: str, answer: str) -> str | None:
    """The credential that the browser created, as the database keeps it; None for any answer that does not hold."""
    from fido2.cose import UnsupportedKey

    state = _state(person, "create", token)
    if state is None:
        return None
    try:
        made = _server().register_complete(state, json.loads(answer)).credential_data
    except _BAD_ANSWER:
        return None
    if made is None or isinstance(made.public_key, UnsupportedKey):
        return None  # a key that nobody could ever prove
    return base64.b64encode(made).decode()


def used(person: User, known: list[Factor], token: str, answer: str) -> Factor | None:
    """The passkey that the browser proved; None for any answer that does not hold."""
    state = _state(person, "use", token)
    if state is None:
        return None
    try:
        proven = _server().authenticate_complete(state, [_credential(one) for one in known], json.loads(answer))
    except _BAD_ANSWER:
        return None
    return next(one for one in known if _credential(one).credential_id == proven.credential_id)


def _state(person: User, purpose: str, token: str) -> dict[str, Any] | None:
    """What the server remembers of a ceremony; spent by being read."""
    try:
        key, challenge, _ = signing.loads(token, salt=f"{_SALT}.{purpose}", max_age=one_time_challenges.LIFE)
    except (signing.BadSignature, ValueError):
        return None
    if not one_time_challenges.spend(hashlib.sha256(token.encode()).hexdigest()) or key != person.key:
        return None
    return {"challenge": challenge, "user_verification": _preferred()}
