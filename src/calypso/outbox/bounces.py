"""What comes back: a mail that a server took and could not deliver, and the addresses that no longer exist (R78).

Nothing more is sent to an address of nobody, but for the links that somebody asks for; it can be tried again.
"""

import re

import structlog
from django.db import transaction

from calypso.base import clock
from calypso.outbox.models import DeadAddress, OutgoingEmail, State

REASON_MAX = 500
OUR_ID = re.compile(r"<([0-9a-f]{32})@")  # of a Message-ID of ours, in a header or a report
_GONE = re.compile(
    r"\b5\.1\.(?:1|2|3|6|10)\b|\b(?:user|address|mailbox|recipient) (?:unknown|not found|does not exist)|no such user"
    r"|unknown (?:user|mailbox|recipient)|account (?:disabled|has been disabled|deleted)",
    re.IGNORECASE,
)

_log = structlog.stdlib.get_logger(__name__)


def is_gone(reason: str) -> bool:
    """Returns whether a server says that the address is nobody's, not that it dislikes the message."""
    return bool(_GONE.search(reason))


def bury(address: str, reason: str) -> None:
    """Sends nothing more to an address (`DeadAddress`)."""
    facts = {"reason": reason[:REASON_MAX], "since": clock.now()}
    DeadAddress.objects.get_or_create(address=address, defaults=facts)
    _log.warning("mail.address_gone", reason=reason[:200])


def record_bounce(key: str, reason: str, address: str = "") -> OutgoingEmail | None:
    """Records that the mail `key` did not arrive; returns it, None when no such mail was handed over.

    `address` is the one that the report is about: another than the mail's is where somebody forwards their mails, and
    says nothing of theirs. The same report twice changes nothing more.
    """
    with transaction.atomic():
        rows = OutgoingEmail.objects.filter(key=key, state__in=[State.SENT, State.GROUPED, State.BOUNCED])
        email = rows.select_for_update().first()
        if email is None:
            return None
        rows.update(state=State.BOUNCED, bounced_at=clock.now(), error=reason[:REASON_MAX])
        if is_gone(reason) and address.lower() in ("", email.recipient.lower()):
            bury(email.recipient, reason)
    return email


def is_dead(address: str) -> bool:
    """Returns whether nothing more is sent to an address."""
    return DeadAddress.objects.filter(address=address).exists()


def dead_address(address: str) -> DeadAddress | None:
    """Returns why and since when nothing more is sent to an address, None when it is written to."""
    return DeadAddress.objects.filter(address=address).first()


def revive(address: str) -> bool:
    """Writes to an address again; returns whether it was no longer written to."""
    return bool(DeadAddress.objects.filter(address=address).delete()[0])
