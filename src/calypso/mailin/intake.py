"""The way in: a raw message is stored and committed before anything is done with it (R91, R92)."""

import hashlib
import re
from email.parser import BytesHeaderParser
from email.utils import getaddresses

import structlog
from django.db import IntegrityError, transaction

from calypso.base import clock, files
from calypso.base.references import new_key
from calypso.base.text import EMAIL_MAX, TITLE_MAX, clip, unmarked_line
from calypso.mailin.bounds import FLOOD, LARGEST
from calypso.mailin.models import MESSAGE_ID_MAX, ReceivedEmail
from calypso.mailin.parse_program import decoded

HEADERS_LARGEST = 256 * 2**10  # bytes of headers that are looked at
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_OWN_HEADERS = ("from", "date", "subject", "message-id", "to")  # which the way of a message does not change

_log = structlog.stdlib.get_logger(__name__)


def receive(raw: bytes, *, partial: bool = False) -> ReceivedEmail:
    """Stores a message, to be read by the worker; a message that came before is the same row.

    Of more than `LARGEST` bytes the beginning is stored; `partial` says that the caller did that already. Whoever hands
    a message over may forget it once this returns: it is on the disk and in the database.
    """
    partial = partial or len(raw) > LARGEST
    raw = raw[:LARGEST]
    headers = _headers(raw)
    identity = _identity(raw, headers)
    known = ReceivedEmail.objects.filter(identity=identity).first()
    if known is not None:
        return known
    stored = files.store([raw], limit=LARGEST)
    sender = _sender(headers)
    crowd = _crowd(sender)
    try:
        with transaction.atomic():
            row = ReceivedEmail.objects.create(
                key=new_key(),
                identity=identity,
                message_id=headers.get("message-id", "")[:MESSAGE_ID_MAX],
                stored=stored.name,
                size=stored.size,
                partial=partial,
                received_at=clock.now(),
                sender=sender,
                subject=clip(unmarked_line(decoded(headers["subject"])), TITLE_MAX),
                crowd=crowd,
            )
    except IntegrityError:  # another reader was faster
        files.remove(stored.name)
        return ReceivedEmail.objects.get(identity=identity)
    _log.info("mail.received", mail=row.key, size=row.size)
    return row


def _headers(raw: bytes) -> dict[str, str]:
    """Returns the headers that say which message it is. They are text of a stranger: nothing else is read here."""
    ended = _END_OF_HEADERS.search(raw, 0, HEADERS_LARGEST)
    message = BytesHeaderParser().parsebytes(raw[: ended.end() if ended else HEADERS_LARGEST])
    return {name: unmarked_line(str(message.get(name, ""))) for name in _OWN_HEADERS}


def _identity(raw: bytes, headers: dict[str, str]) -> str:
    """Returns what two copies of one message share, whatever servers added to their headers on the way."""
    ended = _END_OF_HEADERS.search(raw, 0, HEADERS_LARGEST)
    body = raw[ended.end() :] if ended else raw
    digest = hashlib.sha256("\n".join(headers[name] for name in _OWN_HEADERS).encode("utf-8", "replace"))
    digest.update(b"\n" + body.replace(b"\r\n", b"\n").rstrip())
    return digest.hexdigest()


def _sender(headers: dict[str, str]) -> str:
    """Returns the address that the message claims; for counting and for lists, it proves nothing."""
    pairs = getaddresses([headers["from"]])
    return clip(pairs[0][1], EMAIL_MAX).lower() if len(pairs) == 1 else ""


def _crowd(sender: str) -> int:
    """Returns how many messages beyond the usual an hour brought from this sender: the others are read first."""
    recent = ReceivedEmail.objects.filter(sender=sender, received_at__gt=clock.ago(hours=1)).count() if sender else 0
    return max(0, recent - FLOOD)
