"""Posting: renders now, in the recipient's language, and inserts in the caller's transaction (R76)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from calypso.base import clock
from calypso.base.references import new_key
from calypso.outbox import kinds
from calypso.outbox.models import Notification, OutgoingEmail
from calypso.outbox.rendering import Message, rendered
from calypso.outbox.wishes import Mail, Wishes, next_digest, wish_for


class OutsideTransaction(RuntimeError):
    """A mail was posted outside a transaction: it could leave for a change that never happened."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message is for: public key, address, the language to write in (`fr` or `en`), how they want to be told."""

    key: str
    address: str
    language: str
    wishes: Wishes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to post. `event` and the recipient make it unique; `thread` groups the messages of one ticket.

    `page` is the path that it speaks of: `url` in the templates, and where its notification leads. `actor` is the key
    of who did what it tells: they are never told of their own act (decision 14); empty for the system, and for what its
    author asked to be told. Letters of one kind and page that share one `context`, the same object, read the same, and
    are worded once a language.
    """

    kind: str
    to: Recipient
    about: str
    event: str
    context: Mapping[str, Any] = field(default_factory=dict)
    thread: str = ""
    page: str = ""
    actor: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """What its templates read."""
        return {"url": settings.SITE_URL + self.page, **self.context}

    @property
    def dedupe_key(self) -> str:
        return f"{self.event}:{self.kind}:{self.to.key}"


def post(letters: Sequence[Letter]) -> None:
    """Writes the letters to the outbox and rings the bells.

    Nobody is told of their own act; the same event to the same person is posted once; each is told as they wish, where
    the kind allows it (`wishes`). Templates are `mail/<kind>/subject.txt`, `body.txt` and `body.html`. Raises
    OutsideTransaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction
    letters = [letter for letter in letters if not letter.actor or letter.actor != letter.to.key]
    if not letters:
        return
    bells, rows = [], []
    worded: dict[tuple[str, str, str, int], Message] = {}
    for letter in letters:
        wish = wish_for(kinds.get(letter.kind), letter.to.wishes)
        if not wish.bell and wish.mail is Mail.NONE:
            continue
        same = (letter.kind, letter.to.language, letter.page, id(letter.context))
        if same not in worded:
            worded[same] = rendered(letter.kind, letter.to.language, letter.values)
        if wish.bell:
            bells.append(_notification(letter, worded[same]))
        if wish.mail is not Mail.NONE:
            rows.append(_row(letter, worded[same], wish.mail))
    Notification.objects.bulk_create(bells, ignore_conflicts=True)
    OutgoingEmail.objects.bulk_create(rows, ignore_conflicts=True)


def _notification(letter: Letter, message: Message) -> Notification:
    return Notification(
        key=new_key(),
        recipient_key=letter.to.key,
        kind=letter.kind,
        about=letter.about,
        title=message.subject,
        page=letter.page,
        dedupe_key=letter.dedupe_key,
        created_at=clock.now(),
    )


def _row(letter: Letter, message: Message, mail: Mail) -> OutgoingEmail:
    now = clock.now()
    key = secrets.token_hex(16)
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
        dedupe_key=letter.dedupe_key,
        held=mail is Mail.DAILY,
        next_try=next_digest() if mail is Mail.DAILY else now,
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
