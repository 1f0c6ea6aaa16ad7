"""Delivery: claim a row, ask whether it is still owed, send it outside any transaction, mark it (R76–R80).

The only importer of django.core.mail. Several threads deliver at once; on a ticket, a person gets what they are told
in the order it happened. A fault of the server is not charged to a message (`relay`). A worker that dies in between
leaves a claim that expires: the mail then leaves again with the same Message-ID, so that at most one duplicate exists
and mail readers recognise it (R142).
"""

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

import css_inline
import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import DatabaseError
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from calypso.base import clock
from calypso.outbox import digest, kinds, pause
from calypso.outbox.maintenance import send_waiting
from calypso.outbox.models import NOT_OWED, OutgoingEmail, State
from calypso.outbox.relay import Relay, domain_of
from calypso.outbox.rendering import Message

LONGEST_WAIT = timedelta(hours=1)
MAX_ATTEMPTS = 55  # with the growing wait, two days (R78)
HOURLY_CAP = 60  # messages to one person; those beyond wait for the next hour, then leave as one (R81)

# Styles go into the tags as mail readers want them when the mail leaves: who acts does not wait for it.
_inliner = css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)
_log = structlog.stdlib.get_logger(__name__)
relay = Relay()


def can_send() -> bool:
    """Whether a mail server is set and nothing holds the mails back. Otherwise they wait in the outbox."""
    return bool(settings.MAILERS) and not pause.is_paused()


def deliver(until: Callable[[], bool] = lambda: False, found: Callable[[], object] = lambda: None) -> int:
    """Sends what is due, oldest first, until nothing is or `until` says so; returns how many messages left.

    Calls `found` for each message taken: who else delivers may then look too.
    """
    sent = 0
    while not until() and can_send() and (email := _claim()):
        found()
        try:
            sent += _attempt(email)
        finally:
            relay.end(domain_of(email.recipient))
    return sent


def _attempt(email: OutgoingEmail) -> int:
    """Sends a message; when something around it breaks, it alone waits and those behind it leave."""
    try:
        return _send(email)
    except DatabaseError:  # none of them can leave
        raise
    except Exception as failure:
        _log.exception("mail.not_sent", mail=email.key, kind=email.kind)
        return _postpone(email, None, f"{type(failure).__name__} : {failure}")


def _claim() -> OutgoingEmail | None:
    """Takes the oldest due message for this thread: a compare-and-set, so that two never hold the same one.

    Its domain is then busy until `relay.end`.
    """
    saturated = relay.saturated()
    if saturated is None:
        return None
    now = clock.now()
    due = _due(now)
    wanted = due.exclude(_to(saturated)) if saturated else due
    for pk, recipient in wanted.order_by("next_try", "id").values_list("pk", "recipient")[:20]:
        domain = domain_of(recipient)
        if not relay.begin(domain):
            continue
        if due.filter(pk=pk).update(claimed_at=now, attempts=F("attempts") + 1):
            return OutgoingEmail.objects.get(pk=pk)
        relay.end(domain)
    return None


def _due(now: datetime) -> QuerySet[OutgoingEmail]:
    """What may leave now: due, free, and with nothing older to tell the same person about the same ticket."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - timedelta(seconds=settings.MAIL_LEASE))
    older = OutgoingEmail.objects.filter(
        state=State.WAITING, held=False, about=OuterRef("about"), recipient_key=OuterRef("recipient_key")
    ).filter(pk__lt=OuterRef("pk"))
    in_order = ~Q(about__startswith="ticket:") | ~Exists(older)
    return OutgoingEmail.objects.filter(free, in_order, state=State.WAITING, next_try__lte=now)


def _to(domains: set[str]) -> Q:
    """The messages to one of these domains."""
    found = Q()
    for domain in sorted(domains):
        found |= Q(recipient__iendswith=f"@{domain}")
    return found


def _send(email: OutgoingEmail) -> int:
    kind = kinds.get(email.kind)
    if not email.is_owed:
        return _mark(email, State.DROPPED, NOT_OWED)
    if not kind.secrets and _over_cap(email.recipient):  # whoever asks for a link is waiting for it
        email.held = True
        return _postpone(email, timedelta(hours=1), "plafond horaire du destinataire")
    if email.held and (others := digest.claim_others(email)):
        return _send_together(email, others)
    text, html = email.text, email.html
    for placeholder, value in (kind.secrets(email.envelope) if kind.secrets else {}).items():
        text, html = text.replace(placeholder, value), html.replace(placeholder, value)
    return _hand_over(email, Message(email.subject, text, html))


def _send_together(email: OutgoingEmail, others: list[OutgoingEmail]) -> int:
    """Sends `email` and what was held with it as one message, under the name of the first."""
    sent = _hand_over(email, digest.message([email, *others]))
    for other in others:
        other.next_try = email.next_try
        _mark(other, State.GROUPED if sent else State.WAITING, f"regroupé avec {email.key}" if sent else "")
    return sent


def _hand_over(email: OutgoingEmail, content: Message) -> int:
    """Gives the message to the mail server; returns 1 when it took it (R78)."""
    mailer = mailers["default"]
    try:
        mailer.open()
    except (OSError, smtplib.SMTPException) as failure:  # the server, its password, its network: never this message
        return _server_failed(email, f"{type(failure).__name__} : {failure}")
    try:
        mailer.send_messages([_written(email, content)])
    except Exception as failure:
        return _not_taken(email, failure)
    finally:
        mailer.close()
    email.sent_at = clock.now()
    left = _mark(email, State.SENT, "")
    if relay.took():
        send_waiting()
    return left


def _written(email: OutgoingEmail, content: Message) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=content.subject,
        body=content.text,
        from_email=f'"{settings.VENDOR_NAME} - {settings.PRODUCT_NAME}" <{settings.MAIL_FROM}>',
        to=[email.recipient],
        headers=email.headers,
    )
    message.attach_alternative(_inliner.inline(content.html), "text/html")
    return message


def _not_taken(email: OutgoingEmail, failure: Exception) -> int:
    """What becomes of a message that the server, once there, did not take."""
    reason = f"{type(failure).__name__} : {failure}"
    match failure:
        case smtplib.SMTPRecipientsRefused():
            code = next(iter(failure.recipients.values()))[0]
            return _refused(email, code, f"{code} : adresse refusée")
        case smtplib.SMTPSenderRefused():  # it takes nothing from us: full, or we are not who may send
            return _server_failed(email, f"{failure.smtp_code} : {failure.smtp_error!r}")
        case smtplib.SMTPDataError():
            return _refused(email, failure.smtp_code, f"{failure.smtp_code} : {failure.smtp_error!r}")
        case OSError() | smtplib.SMTPException():  # cut while it was told of this message: perhaps because of it
            relay.refused(email.recipient)
            return _postpone(email, None, reason)
        case _:  # this message cannot be written: it is shown to staff, those behind it leave
            _log.error("mail.unsendable", mail=email.key, kind=email.kind, exc_info=failure)
            return _mark(email, State.FAILED, reason)


def _over_cap(recipient: str) -> bool:
    window = clock.ago(hours=1)
    return OutgoingEmail.objects.filter(recipient=recipient, sent_at__gt=window).count() >= HOURLY_CAP


def _refused(email: OutgoingEmail, code: int, reason: str) -> int:
    """A permanent refusal (5xx) is shown to staff; a temporary one waits, and 421 says that the server leaves."""
    if code == 421:
        return _server_failed(email, reason)
    if code >= 500:
        return _mark(email, State.FAILED, reason)
    relay.refused(email.recipient)
    return _postpone(email, None, reason)


def _server_failed(email: OutgoingEmail, reason: str) -> int:
    """Puts the message back as it was, untried: it leaves first when the server is back."""
    relay.failed()
    email.attempts -= 1
    return _mark(email, State.WAITING, reason)


def _postpone(email: OutgoingEmail, wait: timedelta | None, reason: str) -> int:
    if email.attempts >= MAX_ATTEMPTS:
        return _mark(email, State.FAILED, reason)
    email.next_try = clock.now() + (wait or min(timedelta(seconds=15 * 2 ** min(email.attempts, 10)), LONGEST_WAIT))
    return _mark(email, State.WAITING, reason)


def _mark(email: OutgoingEmail, state: State, reason: str) -> int:
    """Writes the outcome and frees the claim, when it is still this worker's; returns 1 when the message left."""
    mine = OutgoingEmail.objects.filter(pk=email.pk, state=State.WAITING, claimed_at=email.claimed_at)
    mine.update(
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
