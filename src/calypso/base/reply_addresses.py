"""The addresses that answers to our mails go to: signed for one subject and one person (R85, decision 15).

`tickets+ABC2DEF.<signature>@example.org` for the subject ABC2DEF. The signature alone gives no right: whoever answers
is asked theirs when their message is read.
"""

import base64
import hmac
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.crypto import salted_hmac

_SIGNATURE = 20  # letters and digits of five bits
_SALT = "calypso.reply"


class Tone(StrEnum):
    """What an answer becomes: words for everybody, or for the team alone when a note of the team is answered."""

    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Signed:
    """The subject that an address names, in upper case, and the signature of the address."""

    subject: str
    signature: str

    def tone_for(self, person_key: str) -> Tone | None:
        """Returns what an answer of this person becomes; None when the address was not made for them."""
        for tone in Tone:
            if hmac.compare_digest(self.signature, _signature(self.subject, person_key, tone)):
                return tone
        return None


def reply_address(subject: str, person_key: str, tone: Tone = Tone.PUBLIC) -> str:
    """Returns the address that an answer goes to; empty where no mailbox is read (`REPLY_ADDRESS`)."""
    local, at, domain = settings.REPLY_ADDRESS.rpartition("@")
    if not at:
        return ""
    return f"{local}+{subject.lower()}.{_signature(subject, person_key, tone)}@{domain}"


def named_address(name: str) -> str:
    """Returns the address `tickets+name@…` of what has a name of its own; empty where no mailbox is read."""
    local, at, domain = settings.REPLY_ADDRESS.rpartition("@")
    return f"{local}+{name}@{domain}" if at and name else ""


def name_in(address: str) -> str:
    """Returns the name in such an address; empty for any other."""
    local, at, domain = settings.REPLY_ADDRESS.lower().rpartition("@")
    name, _at, host = address.strip().lower().rpartition("@")
    return name.removeprefix(f"{local}+") if at and host == domain and name.startswith(f"{local}+") else ""


def signed_in(address: str) -> Signed | None:
    """Returns what an address of ours says; None for any other address. The signature is still to be compared."""
    subject, dot, signature = name_in(address).partition(".")
    if not dot or not subject.isalnum():
        return None
    return Signed(subject.upper(), signature) if signature.isascii() and len(signature) == _SIGNATURE else None


def _signature(subject: str, person_key: str, tone: Tone) -> str:
    value = f"{subject.upper()}:{person_key}:{tone.value}"
    digest = salted_hmac(_SALT, value, algorithm="sha256").digest()
    return base64.b32encode(digest).decode("ascii").lower()[:_SIGNATURE]
