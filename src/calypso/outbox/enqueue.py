"""Queuing of mails: rendered at once, in the recipient's language; inserted in the caller's transaction (R76)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from calypso.base import clock
from calypso.base.references import new_key
from calypso.outbox import kinds, quiet
from calypso.outbox.models import Notification, OutgoingEmail
from calypso.outbox.preferences import PAGE, Mail, Preferences, next_digest, preference_for
from calypso.outbox.rendering import Message, rendered


class OutsideTransaction(RuntimeError):
    """A mail was queued outside a transaction: it could be sent for a change that never happened."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """The recipient of a message: public key, address, language (`fr` or `en`), notification preferences."""

    key: str
    address: str
    language: str
    notification_preferences: Preferences = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MailRequest:
    """One message to queue. `event`, kind and recipient make it unique.

    `thread` and `subject` group the messages of one ticket: the headers name the first, and mail clients that ignore
    them go by the second (decision 28). Without a `subject`, the title of the message serves as one.

    `page` is the path of its page: `url` in the templates, and the target of its notification. `actor` is the key of
    the person who acted, who is never notified of their own action (decision 14); it is empty for the system, and for
    what its author asked to receive. The mail leaves after `wait` seconds. An answer goes to `reply_to`, when it is not
    empty (R85). `sender` is another address and name to write from, `address name`. Requests of one kind and page that
    share the same `context` object are rendered once per language.
    """

    kind: str
    to: Recipient
    about: str
    event: str
    context: Mapping[str, Any] = field(default_factory=dict)
    thread: str = ""
    page: str = ""
    actor: str = ""
    subject: str = ""
    wait: int = 0
    reply_to: str = ""
    sender: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """The context of its templates."""
        return {"url": settings.SITE_URL + self.page, **self.context}

    @property
    def dedupe_key(self) -> str:
        return f"{self.event}:{self.kind}:{self.to.key}"


def enqueue(requests: Sequence[MailRequest]) -> None:
    """Writes mails to the outbox, and the notifications of the bell.

    Leaves out the author of the action. The same event to the same person is written once. Notification preferences
    decide whether the mail is sent now, in the morning or never, and whether there is a notification, where the kind
    allows it. Templates are `mail/<kind>/title.txt`, `body.txt` and `body.html`. Raises OutsideTransaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction
    requests = [request for request in requests if not request.actor or request.actor != request.to.key]
    if not requests:
        return
    notifications, rows = [], []
    messages: dict[tuple[str, str, str, int], Message] = {}
    for request in requests:
        preference = preference_for(kinds.get(request.kind), request.to.notification_preferences)
        if not preference.bell and preference.mail is Mail.NONE:
            continue
        message_key = (request.kind, request.to.language, request.page, id(request.context))
        if message_key not in messages:
            messages[message_key] = rendered(request.kind, request.to.language, request.values, request.subject)
        if preference.bell:
            title = messages[message_key].title
            notifications.append(
                _notification(request.to.key, request.kind, request.about, title, request.page, request.dedupe_key)
            )
        if preference.mail is not Mail.NONE:
            rows.append(_row(request, messages[message_key], preference.mail))
    Notification.objects.bulk_create(notifications, ignore_conflicts=True)
    OutgoingEmail.objects.bulk_create(rows, ignore_conflicts=True)


def ring(recipient_key: str, *, kind: str, about: str, event: str, title: str, page: str) -> None:
    """Writes a notification that no mail goes with: somebody's own order is done. The same event rings once.

    Raises KeyError for a kind that is not registered, of which the bell would not know the label.
    """
    kinds.get(kind)
    row = _notification(recipient_key, kind, about, title, page, f"{event}:{kind}:{recipient_key}")
    Notification.objects.bulk_create([row], ignore_conflicts=True)


def _notification(recipient_key: str, kind: str, about: str, title: str, page: str, dedupe_key: str) -> Notification:
    return Notification(
        key=new_key(),
        recipient_key=recipient_key,
        kind=kind,
        about=about,
        title=title,
        page=page,
        dedupe_key=dedupe_key,
        created_at=clock.now(),
    )


def _row(request: MailRequest, message: Message, mail: Mail) -> OutgoingEmail:
    now = clock.now()
    key = secrets.token_hex(16)
    return OutgoingEmail(
        key=key,
        kind=request.kind,
        about=request.about,
        recipient_key=request.to.key,
        recipient=request.to.address,
        language=request.to.language,
        title=message.title,
        subject=message.subject,
        text=message.text,
        html=message.html,
        headers=_headers(key, request),
        dedupe_key=request.dedupe_key,
        held=mail is Mail.DAILY,
        next_try=next_digest() if mail is Mail.DAILY else _first_try(request, now),
        sender=request.sender,
        created_at=now,
    )


def _first_try(request: MailRequest, now: datetime) -> datetime:
    """Returns when a mail is sent: at once, or after the quiet hours where its reader may wait until the morning."""
    until = quiet.ends(now) if kinds.get(request.kind).choice is not None else None
    return max(now + timedelta(seconds=request.wait), until or now)


def _headers(key: str, request: MailRequest) -> dict[str, str]:
    """Returns headers that prevent automatic replies (R82) and let mail clients group the messages of a ticket.

    Where its reader may do without a kind, they say where that is chosen.
    """
    host = urlsplit(settings.SITE_URL).hostname
    headers = {
        "Message-ID": f"<{key}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Calypso-Loop": str(host),
    }
    if request.thread:
        headers["References"] = headers["In-Reply-To"] = f"<{request.thread}@{host}>"
    if request.reply_to:
        headers["Reply-To"] = request.reply_to
    choice = kinds.get(request.kind).choice
    if choice is not None and not choice.must:
        headers["List-Unsubscribe"] = f"<{settings.SITE_URL}{PAGE}>"
    return headers
