"""Delivery: claim a row, check that it is still owed, send it outside any transaction, mark it (R76–R80).

With `mime`, the only importer of django.core.mail. Several threads deliver at once; a person gets the messages about
one ticket in the order of its events. A failure of the server does not count as an attempt of a message (`relay`). A
worker that dies in between leaves a claim that expires: the mail is then sent again with the same Message-ID, so that
at most one duplicate exists and mail clients recognise it (R142).
"""

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import mailers
from django.db import DatabaseError
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from calypso.base import clock
from calypso.outbox import bounces, digest, kinds, pause
from calypso.outbox.maintenance import send_waiting
from calypso.outbox.mime import mime_message
from calypso.outbox.models import DEAD, NOT_OWED, OutgoingEmail, State
from calypso.outbox.relay import Relay, domain_of
from calypso.outbox.rendering import Message

LONGEST_WAIT = timedelta(hours=1)
MAX_ATTEMPTS = 55  # with the growing wait, two days (R78)
HOURLY_CAP = 60  # most messages to one person; further ones wait for the next hour, then are sent as one (R81)

_log = structlog.stdlib.get_logger(__name__)
relay = Relay()


def can_send() -> bool:
    """Returns whether a mail server is configured and sending is not paused. Otherwise mails wait in the outbox."""
    return bool(settings.MAILERS) and not pause.is_paused()


def try_server() -> None:
    """Signs in to the mail server and leaves. Raises OSError or SMTPException when it does not answer or refuses."""
    mailer = mailers["default"]
    mailer.open()
    mailer.close()


def deliver(until: Callable[[], bool] = lambda: False, on_claim: Callable[[], object] = lambda: None) -> int:
    """Sends the due messages, oldest first, until none is left or `until` returns true; returns how many were sent.

    Calls `on_claim` for each message claimed: the other sender threads may then look for messages too.
    """
    count = 0
    while not until() and can_send() and (email := _claim()):
        on_claim()
        try:
            count += _attempt(email)
        finally:
            relay.end(domain_of(email.recipient))
    return count


def _attempt(email: OutgoingEmail) -> int:
    """Sends a message; an unexpected error postpones this message only, and the following ones are sent."""
    try:
        return _send(email)
    except DatabaseError:  # no message can be sent
        raise
    except Exception as failure:
        _log.exception("mail.not_sent", mail=email.key, kind=email.kind)
        return _postpone(email, None, f"{type(failure).__name__} : {failure}")


def _claim() -> OutgoingEmail | None:
    """Claims the oldest due message for this thread: a compare-and-set, so that two never hold the same one.

    A slot of its domain is then taken until `relay.end`.
    """
    full_domains = relay.saturated()
    if full_domains is None:
        return None
    now = clock.now()
    due_emails = _due_emails(now)
    candidates = due_emails.exclude(_to_domains(full_domains)) if full_domains else due_emails
    for pk, recipient in candidates.order_by("next_try", "id").values_list("pk", "recipient")[:20]:
        domain = domain_of(recipient)
        if not relay.begin(domain):
            continue
        if due_emails.filter(pk=pk).update(claimed_at=now, attempts=F("attempts") + 1):
            return OutgoingEmail.objects.get(pk=pk)
        relay.end(domain)
    return None


def _due_emails(now: datetime) -> QuerySet[OutgoingEmail]:
    """Returns the messages that may be sent now: due and not claimed.

    A message about a ticket also waits for the older ones to the same person about that ticket.
    """
    unclaimed = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - timedelta(seconds=settings.MAIL_LEASE))
    older = OutgoingEmail.objects.filter(
        state=State.WAITING, held=False, about=OuterRef("about"), recipient_key=OuterRef("recipient_key")
    ).filter(pk__lt=OuterRef("pk"))
    in_order = ~Q(about__startswith="ticket:") | ~Exists(older)
    return OutgoingEmail.objects.filter(unclaimed, in_order, state=State.WAITING, next_try__lte=now)


def _to_domains(domains: set[str]) -> Q:
    """Returns the condition that selects the messages to one of these domains."""
    condition = Q()
    for domain in sorted(domains):
        condition |= Q(recipient__iendswith=f"@{domain}")
    return condition


def _send(email: OutgoingEmail) -> int:
    kind = kinds.get(email.kind)
    if not email.is_owed:
        return _mark(email, State.DROPPED, NOT_OWED)
    if not kind.secrets and bounces.is_dead(email.recipient):
        return _mark(email, State.DROPPED, DEAD)
    if not kind.secrets and _over_cap(email.recipient):  # exempt: whoever asked for a link is waiting for it
        email.held = True
        return _postpone(email, timedelta(hours=1), "plafond horaire du destinataire")
    if email.held and (held_emails := digest.claim_others(email)):
        return _send_together(email, held_emails)
    fill_in(email)
    return _submit(email, Message(email.title, email.subject, email.text, email.html))


def fill_in(email: OutgoingEmail) -> None:
    """Puts what only the sent message may contain in the place of its placeholders, in memory alone."""
    kind = kinds.get(email.kind)
    for values in (kind.secrets, kind.links):
        for placeholder, value in (values(email.envelope) if values else {}).items():
            email.text, email.html = email.text.replace(placeholder, value), email.html.replace(placeholder, value)


def _send_together(email: OutgoingEmail, held_emails: list[OutgoingEmail]) -> int:
    """Sends `email` and the messages held with it as one message, under the Message-ID of `email`."""
    email.headers.pop("Reply-To", None)  # it answers one ticket, and the message tells of several
    for one in (email, *held_emails):
        fill_in(one)
    count = _submit(email, digest.message([email, *held_emails]))
    for held_email in held_emails:
        held_email.next_try = email.next_try
        _mark(held_email, State.GROUPED if count else State.WAITING, f"regroupé avec {email.key}" if count else "")
    return count


def _submit(email: OutgoingEmail, content: Message) -> int:
    """Hands the message to the mail server; returns 1 when the server accepted it (R78)."""
    mailer = mailers["default"]
    try:
        mailer.open()
    except (OSError, smtplib.SMTPException) as failure:  # the server, its password or its network, never this message
        return _handle_server_failure(email, f"{type(failure).__name__} : {failure}")
    try:
        mailer.send_messages([mime_message(email, content)])
    except Exception as failure:
        return _handle_rejection(email, failure)
    finally:
        mailer.close()
    email.sent_at = clock.now()
    count = _mark(email, State.SENT, "")
    if relay.took():
        send_waiting()
    return count


def _handle_rejection(email: OutgoingEmail, failure: Exception) -> int:
    """Handles a message that the server, once connected, did not accept."""
    reason = f"{type(failure).__name__} : {failure}"
    match failure:
        case smtplib.SMTPRecipientsRefused():
            code, answer = next(iter(failure.recipients.values()))
            said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
            if code >= 500 and bounces.is_gone(said):
                bounces.bury(email.recipient, f"{code} {said}")
            return _handle_refusal(email, code, f"{code} : adresse refusée ({said})")
        case smtplib.SMTPSenderRefused():  # it accepts nothing from us: it is full, or we may not send
            return _handle_server_failure(email, f"{failure.smtp_code} : {failure.smtp_error!r}")
        case smtplib.SMTPDataError():
            return _handle_refusal(email, failure.smtp_code, f"{failure.smtp_code} : {failure.smtp_error!r}")
        case OSError() | smtplib.SMTPException():  # disconnected during this message: perhaps because of it
            relay.refused(email.recipient)
            return _postpone(email, None, reason)
        case _:  # this message cannot be built: it is shown to staff, the following ones are sent
            _log.error("mail.unsendable", mail=email.key, kind=email.kind, exc_info=failure)
            return _mark(email, State.FAILED, reason)


def _over_cap(recipient: str) -> bool:
    window = clock.ago(hours=1)
    return OutgoingEmail.objects.filter(recipient=recipient, sent_at__gt=window).count() >= HOURLY_CAP


def _handle_refusal(email: OutgoingEmail, code: int, reason: str) -> int:
    """Handles a refusal: a permanent one (5xx) is shown to staff, a temporary one is retried.

    421 means that the server is closing: it is a failure of the server.
    """
    if code == 421:
        return _handle_server_failure(email, reason)
    if code >= 500:
        return _mark(email, State.FAILED, reason)
    relay.refused(email.recipient)
    return _postpone(email, None, reason)


def _handle_server_failure(email: OutgoingEmail, reason: str) -> int:
    """Puts the message back without counting the attempt: it is sent first when the server is back."""
    relay.failed()
    email.attempts -= 1
    return _mark(email, State.WAITING, reason)


def _postpone(email: OutgoingEmail, wait: timedelta | None, reason: str) -> int:
    if email.attempts >= MAX_ATTEMPTS:
        return _mark(email, State.FAILED, reason)
    email.next_try = clock.now() + (wait or min(timedelta(seconds=15 * 2 ** min(email.attempts, 10)), LONGEST_WAIT))
    return _mark(email, State.WAITING, reason)


def _mark(email: OutgoingEmail, state: State, reason: str) -> int:
    """Stores the outcome and releases the claim, if it is still this worker's; returns 1 when the message was sent."""
    claimed_row = OutgoingEmail.objects.filter(pk=email.pk, state=State.WAITING, claimed_at=email.claimed_at)
    claimed_row.update(
        state=state,
        error=reason[:500],
        claimed_at=None,
        attempts=email.attempts,
        next_try=email.next_try,
        sent_at=email.sent_at,
        held=email.held,
    )
    if reason and state is not State.GROUPED:
        _log.warning("mail.not_sent", mail=email.key, kind=email.kind, state=state.value, reason=reason[:200])
    return int(state is State.SENT)
