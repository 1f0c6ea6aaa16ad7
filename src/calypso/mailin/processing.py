"""Reads the stored messages one by one and acts on each, as the pages would (R91, R93, R99).

A message is claimed by compare-and-set; what becomes of it is written in the transaction of the action. A reader that
dies leaves a claim that expires: the message is then read again, and its one-time key gives one entry.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import translation

from calypso.accounts.models import User
from calypso.base import clock, isolation
from calypso.base.errors import Conflict, DomainError, Invalid, words_of
from calypso.base.i18n import gettext as _
from calypso.base.reply_addresses import Tone
from calypso.base.text import CONTEXT_MAX, TITLE_MAX, clip, fold
from calypso.mailin import notices, phrases
from calypso.mailin.bounds import OPENINGS, TRIES
from calypso.mailin.models import AUTOMATIC, Reason, ReceivedEmail, SenderRule, State
from calypso.mailin.reading import File, Message, read_stored
from calypso.mailin.reports import failure_of, mail_of
from calypso.mailin.routing import Route, route
from calypso.mailin.understanding import Understood, understand
from calypso.outbox import pause
from calypso.outbox.bounces import record_bounce
from calypso.projects.models import Project
from calypso.tickets import access
from calypso.tickets.actions import drafts
from calypso.tickets.actions.conversation import comment, note
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.actions.steps import take_step
from calypso.tickets.models import Draft, Ticket, TicketEvent
from calypso.tickets.priorities import Priority
from calypso.tickets.queries.rows import get_ticket
from calypso.tickets.workflow import State as TicketState
from calypso.tickets.workflow import StepName

SEARCHED = 5000  # signs of the words by which a message is found

_log = structlog.stdlib.get_logger(__name__)


class LostClaim(Exception):
    """Another reader took the message: it was held for longer than its lease."""


def process_waiting(until: Callable[[], bool] = lambda: False) -> int:
    """Reads the messages that wait, until none is left or `until` returns true; returns how many.

    First those of senders who sent few, then in the order of their arrival; those of one sender never out of order.
    """
    count = 0
    while not until() and not pause.is_paused() and (row := _claim()):
        _process(row)
        count += 1
    return count


def _claim() -> ReceivedEmail | None:
    now = clock.now()
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - timedelta(seconds=settings.MAIL_LEASE))
    older = ReceivedEmail.objects.filter(state=State.WAITING, sender=OuterRef("sender"), pk__lt=OuterRef("pk"))
    waiting = ReceivedEmail.objects.filter(free, ~Exists(older), state=State.WAITING)
    pk = waiting.order_by("crowd", "id").values_list("pk", flat=True).first()
    if pk is None or not waiting.filter(pk=pk).update(claimed_at=now, attempts=F("attempts") + 1):
        return None
    return ReceivedEmail.objects.get(pk=pk)


def _process(row: ReceivedEmail) -> None:
    """Reads a message; one that cannot be read waits for somebody, and the next is read (R93)."""
    try:
        if row.attempts > TRIES:  # it killed its reader each time
            _settle(row, Route(Reason.UNREADABLE))
            return
        message = read_stored(row.stored)
        _act(row, message)
    except (isolation.Died, FileNotFoundError, ValueError):
        _settle(row, Route(Reason.TOO_LARGE if row.partial else Reason.UNREADABLE))
    except (DatabaseError, LostClaim):  # read again once the database is back, or by who took it
        _log.warning("mail.read_again", mail=row.key, exc_info=True)
    except Exception:
        _log.exception("mail.not_understood", mail=row.key)
        if row.attempts >= TRIES:
            _settle(row, Route(Reason.UNREADABLE))
        else:
            ReceivedEmail.objects.filter(pk=row.pk, claimed_at=row.claimed_at).update(claimed_at=None)


def _act(row: ReceivedEmail, message: Message, *, is_again: bool = False) -> None:
    found = route(message)
    language = found.person.locale if found.person else "fr"
    with translation.override(language):
        understood = understand(message, found.person, found.ticket)
        reason = found.reason or _own_reason(row, found, understood)
        if reason is Reason.BOUNCE and (failure := failure_of(message)):
            notices.tell_bounce(record_bounce(mail_of(message), failure.reason, failure.address))
        if reason is not None:
            _settle(row, found, message, understood, reason)
            return
        try:
            _apply_words(row, found, message, understood)
        except Conflict as conflict:  # the ticket changed since it was looked at
            if is_again:
                _settle(row, found, message, understood, Reason.REFUSED, words_of(conflict))
            else:
                _act(row, message, is_again=True)
        except DomainError as refusal:
            _settle(row, found, message, understood, Reason.REFUSED, words_of(refusal))


def _own_reason(row: ReceivedEmail, found: Route, understood: Understood) -> Reason | None:
    """Returns why a message that may become an entry does not."""
    if row.partial:
        return Reason.TOO_LARGE
    if row.message_id and ReceivedEmail.objects.filter(message_id=row.message_id).exclude(pk=row.pk).exists():
        return Reason.SAME_ID
    if not understood.words and not understood.files:
        return Reason.EMPTY
    if found.place.project is not None:
        opened = TicketEvent.objects.filter(actor=found.person, kind=TicketEvent.Kind.OPENED, source="mail")
        return Reason.TOO_MANY if opened.filter(created_at__gt=clock.ago(hours=1)).count() >= OPENINGS else None
    before = ReceivedEmail.objects.filter(
        person=found.person, ticket=found.ticket, received_at__gt=clock.ago(days=1), pk__lt=row.pk
    ).exclude(state=State.WAITING)
    last = before.order_by("-id").values_list("words", flat=True).first()
    # Robots that say so nowhere repeat themselves: their second message is not answered (R90).
    return Reason.REPEATED if understood.words and last == understood.words and not understood.files else None


def _apply_words(row: ReceivedEmail, found: Route, message: Message, understood: Understood) -> None:
    """Writes the entry; without its files where these are refused together, because their company has no room left."""
    try:
        _apply(row, found, message, understood)
    except Invalid as refusal:
        refused = refusal.errors.get("attachments")
        if not refused or not understood.words or found.person is None:
            raise
        drafts.drop_draft(found.person, form_key=row.key)
        _apply(row, found, message, understood, refused)


def _apply(
    row: ReceivedEmail, found: Route, message: Message, understood: Understood, without_files: Sequence[str] = ()
) -> None:
    """Writes the entry, or opens the ticket. `without_files` says why its files are left out."""
    person, project = found.person, found.place.project
    assert person is not None  # or there was a reason
    purpose = Draft.Purpose.COMMENT if project is None else Draft.Purpose.OPENING
    refusals = list(without_files) or _keep_files(person, row.key, purpose, understood.files)
    left_out = [_("Fichiers non joints :"), *(f"- {refusal}" for refusal in refusals)] if refusals else []
    words = "\n".join([understood.words or _("Fichiers envoyés par e-mail."), *(["", *left_out] if left_out else [])])
    with transaction.atomic():
        if project is not None:
            event = _open(person, project, row.key, message, words)
        else:
            event = _write(person, found.ticket, row.key, words, found.place.tone)
        ticket = get_ticket(person, event.ticket.reference)
        _settle(row, found, message, understood, event=event)
        if project is None or refusals:  # who opens a ticket gets its own mail
            notices.tell_understood(row, person, ticket, event, understood.words, refusals)


def _keep_files(person: User, key: str, purpose: Draft.Purpose, files: Sequence[File]) -> list[str]:
    """Stores the files as those of the form `key`; returns the reasons for those refused. An earlier try left none."""
    drafts.drop_draft(person, form_key=key)
    uploads = [(file.name, [file.content]) for file in files]
    return drafts.keep_files(person, form_key=key, purpose=purpose, uploads=uploads)


def _open(person: User, project: Project, key: str, message: Message, words: str) -> TicketEvent:
    """Opens a ticket whose priority its author is asked for."""
    title = phrases.ANSWER_SUBJECT.sub("", message.subject).strip() or clip(words, TITLE_MAX) or _("Sans objet")
    request = Request(title=title, description=words, priority=Priority.MEDIUM.value)
    source = TicketEvent.Source.MAIL
    ticket = open_ticket(person, project=project, request=request, form_key=key, asks_priority=True, source=source)
    return TicketEvent.objects.select_related("ticket").get(ticket=ticket, kind=TicketEvent.Kind.OPENED)


def _write(person: User, ticket: Ticket | None, key: str, words: str, tone: Tone) -> TicketEvent:
    """Writes the entry that the form of the page would (R99): no word of the message is a command."""
    assert ticket is not None  # or there was a reason
    source = TicketEvent.Source.MAIL
    if tone is Tone.INTERNAL or not access.may_reply(person, ticket):
        return note(person, ticket=ticket, body=words, form_key=key, source=source)
    if person.is_client and ticket.state_now is TicketState.WAITING:
        step = StepName.RETURN
        return take_step(
            person, ticket=ticket, step=step, seen_version=ticket.version, body=words, form_key=key, source=source
        )
    return comment(person, ticket=ticket, body=words, form_key=key, takes=not person.is_client, source=source)


def _is_set_aside(sender: str) -> bool:
    return SenderRule.objects.filter(domain=sender.rpartition("@")[2].lower()).exists()


def _settle(
    row: ReceivedEmail,
    found: Route,
    message: Message | None = None,
    understood: Understood | None = None,
    reason: Reason | None = None,
    detail: str = "",
    *,
    event: TicketEvent | None = None,
) -> None:
    """Writes what became of a message, if it is still this reader's. Raises LostClaim.

    Its author is told where their answer did not go, when they are known to be the author (R85).
    """
    reason = reason or found.reason
    state = State.APPLIED if event else State.IGNORED if reason in AUTOMATIC else State.HELD
    if state is State.HELD and found.person is None and _is_set_aside(found.sender or row.sender):
        state = State.DISCARDED
    words = understood.words if understood else ""
    subject = message.subject if message else ""
    changes = {
        "state": state,
        "reason": reason or "",
        "detail": clip(detail, CONTEXT_MAX),
        "claimed_at": None,
        "subject": subject or row.subject,
        "sender_name": found.sender_name,
        "text": understood.whole if understood else "",
        "words": words,
        "search_text": fold(f"{found.sender_name} {found.sender or row.sender} {subject} {words}"[:SEARCHED]),
        "person": found.person,
        "ticket": event.ticket if event else found.ticket,
        "event": event,
        "file_names": "\n".join(file.name for file in message.files) if message else "",
        "answers_mail": mail_of(message) if message else "",
    }
    with transaction.atomic():
        mine = ReceivedEmail.objects.filter(pk=row.pk, state=State.WAITING, claimed_at=row.claimed_at)
        if not mine.update(**changes):
            raise LostClaim
        if reason in notices.TOLD and found.person is not None and found.ticket is not None:
            notices.tell_kept(row, found.person, found.ticket, reason, detail)
    _log.info("mail.read", mail=row.key, state=state.value, reason=str(reason or ""))
