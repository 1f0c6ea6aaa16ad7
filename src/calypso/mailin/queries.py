"""Reads of received mails, always for a viewer."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from calypso.accounts.access import may, organizations_for
from calypso.accounts.capabilities import Capability
from calypso.accounts.emails import email_key
from calypso.accounts.models import Organization, User
from calypso.base import clock
from calypso.base.errors import NotVisible
from calypso.base.files import open_stored
from calypso.base.i18n import gettext as _
from calypso.base.process_cache import cached
from calypso.base.searching import holding
from calypso.base.text import is_key
from calypso.mailin.access import originals_for, received_for, rules_for
from calypso.mailin.models import MailboxPosition, ReceivedEmail, SenderRule, State
from calypso.mailin.positions import name_of
from calypso.tickets.models import Ticket
from calypso.tickets.queries.rows import seen_ticket

_REFERENCE = re.compile(r"\[([A-Z0-9]{7})\]")  # as the subjects of our mails have it
NEAR = 5  # companies that are offered to invite a sender

type SeenMail = ReceivedEmail  # the name that interfaces use in annotations: a type, which gives no access to the table


def received_page(viewer: User, state: str, words: str) -> QuerySet[ReceivedEmail]:
    """Returns the received mails in a state that hold the words, newest first; those to sort, for an unknown state."""
    wanted = state if state in State.values else State.HELD
    rows = received_for(viewer).filter(state=wanted).select_related("person", "ticket")
    return holding(rows, words).order_by("-id")


def sender_rules(viewer: User) -> list[SenderRule]:
    """Returns the domains whose messages are set aside as they come."""
    return list(rules_for(viewer))


def get_received(viewer: User, key: str) -> ReceivedEmail:
    """Returns one received mail. Raises NotVisible."""
    rows = received_for(viewer).select_related("person", "ticket", "settled_by")
    row = rows.filter(key=key).first() if is_key(key) else None
    if row is None:
        raise NotVisible
    return row


def original_of(viewer: User, reference: str, event_key: str) -> ReceivedEmail:
    """Returns the mail behind an entry of a ticket. Raises NotVisible."""
    ticket = seen_ticket(viewer, reference)
    row = originals_for(viewer, ticket).filter(event__key=event_key).first() if is_key(event_key) else None
    if row is None:
        raise NotVisible
    row.ticket = ticket
    return row


def raw_of(viewer: User, key: str) -> BinaryIO:
    """Returns a received mail as it came, open for reading. Raises NotVisible, also for what the disk lost."""
    row = get_received(viewer, key)
    try:
        return open_stored(row.stored)
    except FileNotFoundError:
        raise NotVisible from None


def answers_to(email_key: str) -> Sequence[ReceivedEmail]:
    """Returns what was received in answer to a mail of ours, oldest first. For a page of those who see the outbox."""
    return list(ReceivedEmail.objects.filter(answers_mail=email_key).select_related("ticket").order_by("id")[:20])


@dataclass(frozen=True, slots=True)
class MailsOfTicket:
    """What was received about a ticket: the mails that are not on it, newest first; the entries that mails became."""

    beside: Sequence[ReceivedEmail]
    entries: Collection[int]


def mails_about(ticket: Ticket) -> MailsOfTicket:
    """Returns what was received about a ticket. For a page of the team."""
    rows = list(ReceivedEmail.objects.filter(ticket=ticket).defer("text", "search_text").order_by("-id")[:200])
    beside = [row for row in rows if row.state != State.APPLIED]
    return MailsOfTicket(beside[:20], {row.event_id for row in rows if row.event_id is not None})


def held_count(viewer: User) -> int | None:
    """Returns how many mails wait for somebody, as of a few seconds ago; None for those who may not sort them."""
    if not may(viewer, Capability.SEE_OUTBOX):
        return None
    return cached("held_mails", (), lambda: ReceivedEmail.objects.filter(state=State.HELD).count())


def reading_is_late(limit: timedelta) -> bool:
    """Returns whether the mailbox was not looked into for as long as `limit`, or a message waits for its reader."""
    since = clock.now() - limit
    waiting = ReceivedEmail.objects.filter(state=State.WAITING, received_at__lt=since)
    if settings.MAILBOX is None:
        return waiting.exists()
    position = MailboxPosition.objects.filter(mailbox=name_of(settings.MAILBOX)).first()
    return position is None or position.read_at < since or waiting.exists()


def writer_of(row: ReceivedEmail) -> User | None:
    """Returns the account of the sender's address, which proves nothing; it may be younger than the mail."""
    return row.person or User.objects.filter(email_key=email_key(row.sender), active=True).first()


def reference_in(row: ReceivedEmail) -> str:
    """Returns the reference of the ticket that a mail seems to be about: its ticket's, else what its subject names."""
    if row.ticket is not None:
        return row.ticket.reference
    found = _REFERENCE.search(row.subject)
    return found[1] if found else ""


def companies_near(viewer: User, row: ReceivedEmail) -> list[Organization]:
    """Returns the companies whose contacts have addresses of the sender's domain: where to invite them."""
    domain = row.sender.rpartition("@")[2].lower()
    if not domain:
        return []
    near = Q(membership__user__email_key__endswith=f"@{domain}", membership__active=True)
    return list(organizations_for(viewer).filter(near, kind=Organization.Kind.CLIENT).distinct()[:NEAR])


def quoted_words(row: ReceivedEmail) -> str:
    """Returns the words of a mail with who sent them, to be put on a ticket by somebody else.

    Not the address: whoever makes an answer of it would show it to everybody.
    """
    head = _("Message de %(name)s, %(date)s") % {
        "name": row.sender_name or row.sender,
        "date": f"{timezone.localtime(row.received_at):%d/%m/%Y %H:%M}",
    }
    return "\n".join(filter(None, (head, row.subject, "", row.words or row.text))).strip()
