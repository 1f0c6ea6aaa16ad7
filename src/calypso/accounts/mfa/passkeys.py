"""Passkeys: the two ceremonies of WebAuthn, verified by the server (decision 21, R44).

The state of a ceremony between its two requests is signed and carried by the form, for ten minutes; an answered
challenge is not accepted twice.
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
from calypso.base.chosen import chosen

# The library and its cryptography take twelve megabytes per process: imported only where a passkey is made or used.
if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData

_SALT = "calypso.accounts.mfa.passkeys"
# Raised by a malformed answer: by its JSON, its CBOR, its signature or its algorithm.
_ANSWER_ERRORS = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, struct.error, RecursionError),
    *(AssertionError, NotImplementedError),
)


@dataclass(frozen=True, slots=True)
class Ceremony:
    """A passkey to be created or used: `options` is for the browser (JSON), `token` is posted with its answer."""

    token: str
    options: str


def are_possible() -> bool:
    """Returns whether browsers accept passkeys at the public address: a name, over https or on this machine."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return bool(settings.SECURE or host == "localhost")
    return False


def _server() -> "Fido2Server":
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    rp = PublicKeyCredentialRpEntity(id=urlsplit(settings.SITE_URL).hostname or "", name=chosen("PRODUCT_NAME"))
    return Fido2Server(rp, verify_origin=lambda origin: origin == settings.SITE_URL)


def _credential(factor: Factor) -> "AttestedCredentialData":
    from fido2.webauthn import AttestedCredentialData

    return AttestedCredentialData(base64.b64decode(factor.secret))


def _user_verification() -> Any:
    from fido2.webauthn import UserVerificationRequirement

    return UserVerificationRequirement.PREFERRED


def _ceremony(person: User, purpose: str, options: Any, state: Mapping[str, Any]) -> Ceremony:
    token = signing.dumps([person.key, state["challenge"], secrets.token_hex(8)], salt=f"{_SALT}.{purpose}")
    return Ceremony(token, json.dumps(dict(options)["publicKey"]))


def creation(person: User, factors: list[Factor]) -> Ceremony:
    """Returns what the browser needs to create a passkey for this person, different from those they have."""
    from fido2.webauthn import PublicKeyCredentialUserEntity

    user = PublicKeyCredentialUserEntity(id=person.key.encode(), name=person.email, display_name=person.full_name)
    options_and_state = _server().register_begin(
        user, [_credential(factor) for factor in factors], user_verification=_user_verification()
    )
    return _ceremony(person, "create", *options_and_state)


def use(person: User, factors: list[Factor]) -> Ceremony:
    """Returns what the browser needs to prove one of these passkeys."""
    options_and_state = _server().authenticate_begin(
        [_credential(factor) for factor in factors], user_verification=_user_verification()
    )
    return _ceremony(person, "use", *options_and_state)


def created(person: User, token: str, answer: str) -> str | None:
    """Returns the credential that the browser created, as stored; None for any answer that is not valid."""
    from fido2.cose import UnsupportedKey

    state = _state(person, "create", token)
    if state is None:
        return None
    try:
        credential = _server().register_complete(state, json.loads(answer)).credential_data
    except _ANSWER_ERRORS:
        return None
    if credential is None or isinstance(credential.public_key, UnsupportedKey):
        return None  # its proofs could not be verified
    return base64.b64encode(credential).decode()


def used(person: User, factors: list[Factor], token: str, answer: str) -> Factor | None:
    """Returns the passkey that the browser proved; None for any answer that is not valid."""
    state = _state(person, "use", token)
    if state is None:
        return None
    try:
        credential = _server().authenticate_complete(
            state, [_credential(factor) for factor in factors], json.loads(answer)
        )
    except _ANSWER_ERRORS:
        return None
    return next(factor for factor in factors if _credential(factor).credential_id == credential.credential_id)


def _state(person: User, purpose: str, token: str) -> dict[str, Any] | None:
    """Returns the server's state of a ceremony, and spends its token; None if not valid."""
    try:
        key, challenge, _ = signing.loads(token, salt=f"{_SALT}.{purpose}", max_age=one_time_challenges.LIFE)
    except (signing.BadSignature, ValueError):
        return None
    if not one_time_challenges.spend(hashlib.sha256(token.encode()).hexdigest()) or key != person.key:
        return None
    return {"challenge": challenge, "user_verification": _user_verification()}
