"""Whose message it is, about which ticket, and whether it may become an entry (R85–R90, R95); writes nothing."""

import re
from dataclasses import dataclass

from django.conf import settings

from calypso.accounts.emails import email_key
from calypso.accounts.models import User
from calypso.base.errors import NotVisible
from calypso.base.reply_addresses import Tone, signed_in
from calypso.base.text import EMAIL_MAX
from calypso.mailin.automatic import automatic_reason
from calypso.mailin.models import Reason
from calypso.mailin.reading import Message
from calypso.tickets.models import Ticket
from calypso.tickets.queries.rows import get_ticket


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message goes: on `ticket` as `person`, unless a `reason` says why not."""

    reason: Reason | None
    sender: str = ""
    sender_name: str = ""
    person: User | None = None
    ticket: Ticket | None = None
    tone: Tone = Tone.PUBLIC


def route(message: Message) -> Route:
    """Returns where a message goes.

    On a ticket only with all three: a reply address signed for this ticket and this person, a sender who is this
    person, and the word of our own server that they are, where it gives one (R85). What they may do is asked again by
    the action (R87).
    """
    automatic = automatic_reason(message)
    if len(message.senders) != 1 or not _is_address(message.senders[0][1]):
        return Route(automatic or Reason.AMBIGUOUS)
    name, address = message.senders[0]
    person = User.objects.filter(email_key=email_key(address)).first()
    signed = next((found for recipient in message.recipients if (found := signed_in(recipient))), None)
    tone = signed.tone_for(person.key) if signed and person else None
    ticket = _ticket(person, signed.subject) if signed and person and tone else None
    reasons = (
        (automatic, automatic is not None),
        (Reason.UNKNOWN, person is None),
        (Reason.INACTIVE, person is not None and not person.active),
        (Reason.UNPROVEN, not _is_proven(message, address)),
        (Reason.UNADDRESSED, signed is None),
        (Reason.NOT_THEIRS, tone is None),
        (Reason.NO_SIGHT, ticket is None),
        (Reason.CLOSED, ticket is not None and not ticket.is_open),
    )
    reason = next((reason for reason, holds in reasons if holds), None)
    return Route(reason, address[:EMAIL_MAX], name, person, ticket, tone or Tone.PUBLIC)


def _is_address(address: str) -> bool:
    """Returns whether the library read one whole address: of what could be read in two ways it gives none (R95)."""
    return "@" in address and address.isprintable() and len(address) <= EMAIL_MAX


def _ticket(person: User, reference: str) -> Ticket | None:
    try:
        return get_ticket(person, reference)
    except NotVisible:
        return None


def _is_proven(message: Message, address: str) -> bool:
    """Returns whether our own mail server says that the sender is who they claim, where it says anything.

    Only the first header of the server that `MAIL_AUTHSERV` names counts: those below came with the message (R88).
    """
    server = settings.MAIL_AUTHSERV.lower()
    if not server:
        return True
    for header in message.headers.get("authentication-results", []):
        name, _semicolon, results = header.lower().partition(";")
        if name.split()[:1] == [server]:
            domain = re.escape(address.rpartition("@")[2].lower())
            if re.search(r"\bdmarc=(pass|fail)\b", results):
                return bool(re.search(r"\bdmarc=pass\b", results))
            dkim = re.search(rf"\bdkim=pass\b[^;]*\bheader\.[di]=@?{domain}\b", results)
            return bool(dkim or re.search(rf"\bspf=pass\b[^;]*\bsmtp\.mailfrom=(?:[^;\s]*@)?{domain}\b", results))
    return False
