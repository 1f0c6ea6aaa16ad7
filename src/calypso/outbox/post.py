"""Posting: renders now, in the recipient's language, and inserts in the caller's transaction (R76)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from calypso.base import clock
from calypso.outbox import kinds
from calypso.outbox.models import OutgoingEmail
from calypso.outbox.rendering import rendered
from calypso.outbox.tasks import deliver_due


class OutsideTransaction(RuntimeError):
    """A mail was posted outside a transaction: it could leave for a change that never happened."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for: public key, address, and the language to write in (`fr` or `en`)."""

    key: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to post. `event` and the recipient make it unique; `thread` groups the messages of one ticket."""

    kind: str
    to: Recipient
    about: str
    event: str
    context: Mapping[str, Any] = field(default_factory=dict)
    thread: str = ""


def post(letters: Sequence[Letter]) -> int:
    """Writes the letters to the outbox; returns how many were new (the same event to the same person is posted once).

    Templates are `mail/<kind>/subject.txt`, `body.txt` and `body.html`. Raises OutsideTransaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction
    if not letters:
        return 0
    rows = [_row(letter) for letter in letters]
    known = set(
        OutgoingEmail.objects.filter(dedupe_key__in=[row.dedupe_key for row in rows]).values_list(
            "dedupe_key", flat=True
        )
    )
    fresh = {row.dedupe_key: row for row in rows if row.dedupe_key not in known}
    OutgoingEmail.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    deliver_due.enqueue()
    return len(fresh)


def _row(letter: Letter) -> OutgoingEmail:
    kinds.get(letter.kind)
    now = clock.now()
    key = secrets.token_hex(16)
    message = rendered(letter.kind, letter.to.language, {**letter.context, "to": letter.to})
    return OutgoingEmail(
        key=key,
        kind=letter.kind,
        about=letter.about,
        recipient_key=letter.to.key,
        recipient=letter.to.address,
        language=letter.to.language,
        subject=message.subject,
        text=message.text,
        html=message.html,
        headers=_headers(key, letter.thread),
        dedupe_key=f"{letter.event}:{letter.kind}:{letter.to.key}",
        next_try=now,
        created_at=now,
    )


def _headers(key: str, thread: str) -> dict[str, str]:
    """Headers that keep robots quiet (R82) and let mail readers group the messages of a ticket."""
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<{key}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Calypso-Loop": str(host),
    }
    if thread:
        headers["References"] = headers["In-Reply-To"] = f"<{thread}@{host}>"
    return headers
