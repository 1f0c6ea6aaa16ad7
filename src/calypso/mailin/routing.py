"""Whose message it is, about which ticket, and whether it may become an entry (R85–R90, R95); writes nothing."""

import re
from dataclasses import dataclass

from django.conf import settings

from calypso.accounts.emails import email_key
from calypso.accounts.models import User
from calypso.base.errors import NotVisible
from calypso.base.reply_addresses import Tone, name_in, signed_in
from calypso.base.text import EMAIL_MAX, NAME_MAX, clip
from calypso.mailin.automatic import automatic_reason
from calypso.mailin.models import Reason, ReceivedEmail, State
from calypso.mailin.reading import Message
from calypso.projects.access import projects_for
from calypso.projects.models import Project
from calypso.tickets.models import Ticket
from calypso.tickets.queries.rows import get_ticket


@dataclass(frozen=True, slots=True)
class Place:
    """What a message is about: a ticket, or a project to open one on; else the `reason` why nothing is known.

    `is_signed`: the address that it was sent to was made for its sender, whom nothing else needs to prove.
    """

    reason: Reason | None = None
    ticket: Ticket | None = None
    project: Project | None = None
    tone: Tone = Tone.PUBLIC
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message goes: to its place as `person`, unless a `reason` says why not."""

    reason: Reason | None
    sender: str = ""
    sender_name: str = ""
    person: User | None = None
    place: Place = Place()

    @property
    def ticket(self) -> Ticket | None:
        return self.place.ticket


def route(message: Message) -> Route:
    """Returns where a message goes.

    As an answer only with all three: a reply address signed for this ticket and this person, a sender who is this
    person, and the word of our own server that they are, where it gives one (R85). Without a signed address, on a
    ticket that their own message opened or on a project whose address they wrote to, our server's word is needed. What
    they may do is asked again by the action (R87).
    """
    automatic = automatic_reason(message)
    if len(message.senders) != 1 or not _is_address(message.senders[0][1]):
        claimed = ", ".join(address or name for name, address in message.senders)
        return Route(automatic or Reason.AMBIGUOUS, sender_name=clip(claimed, NAME_MAX))
    name, address = message.senders[0]
    person = User.objects.filter(email_key=email_key(address)).first()
    place = _place(message, person) if person is not None else Place(Reason.UNKNOWN)
    proof = _proof(message, address)
    reasons = (
        (automatic, automatic is not None),
        (Reason.UNKNOWN, person is None),
        (Reason.INACTIVE, person is not None and not person.active),
        (Reason.UNPROVEN, proof is False),
        (place.reason, place.reason is not None),
        (Reason.UNPROVEN, not place.is_signed and not proof),
        (Reason.CLOSED, place.ticket is not None and not place.ticket.is_open),
    )
    reason = next((reason for reason, holds in reasons if holds), None)
    return Route(reason, address[:EMAIL_MAX], name, person, place)


def _is_address(address: str) -> bool:
    """Returns whether the library read one whole address: of what could be read in two ways it gives none (R95)."""
    return "@" in address and address.isprintable() and len(address) <= EMAIL_MAX


def _place(message: Message, person: User) -> Place:
    signed = next((found for recipient in message.recipients if (found := signed_in(recipient))), None)
    if signed is not None:
        tone = signed.tone_for(person.key)
        if tone is None:
            return Place(Reason.NOT_THEIRS)
        ticket = _ticket(person, signed.subject)
        return Place(None if ticket else Reason.NO_SIGHT, ticket, tone=tone, is_signed=True)
    own = ReceivedEmail.objects.filter(message_id__in=message.answers, person=person, state=State.APPLIED)
    reference = own.exclude(ticket=None).values_list("ticket__reference", flat=True).first()
    if reference is not None and (ticket := _ticket(person, reference)):
        return Place(ticket=ticket)
    names = (name_in(recipient) for recipient in message.recipients)
    name = next(filter(None, names), "")
    project = projects_for(person).filter(mail_name=name).first() if name and person.is_client else None
    if project is not None:
        return Place(project=project)
    exists = bool(name) and Project.objects.filter(mail_name=name).exists()
    return Place(Reason.NO_SIGHT if exists else Reason.UNADDRESSED)


def _ticket(person: User, reference: str) -> Ticket | None:
    try:
        return get_ticket(person, reference)
    except NotVisible:
        return None


def _proof(message: Message, address: str) -> bool | None:
    """Returns whether our own mail server says that the sender is who they claim; None where no server says anything.

    Only the first header of the server that `MAIL_AUTHSERV` names counts: those below came with the message (R88).
    """
    server = settings.MAIL_AUTHSERV.lower()
    if not server:
        return None
    for header in message.headers.get("authentication-results", []):
        name, _semicolon, results = header.lower().partition(";")
        if name.split()[:1] == [server]:
            domain = re.escape(address.rpartition("@")[2].lower())
            if re.search(r"\bdmarc=(pass|fail)\b", results):
                return bool(re.search(r"\bdmarc=pass\b", results))
            dkim = re.search(rf"\bdkim=pass\b[^;]*\bheader\.[di]=@?{domain}\b", results)
            return bool(dkim or re.search(rf"\bspf=pass\b[^;]*\bsmtp\.mailfrom=(?:[^;\s]*@)?{domain}\b", results))
    return False
