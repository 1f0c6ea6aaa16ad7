"""Personal links by which a client acts from a mail: they show one act to its one reader, for thirty days.

They are no credential: whoever opens one signs in, and the act asks the rights again (decision 15, R75).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core import signing

from calypso.base.catalogue import gettext_noop
from calypso.outbox.kinds import Envelope
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import State

LIFE = 30 * 24 * 3600  # seconds
PATH = "/agir/"
_SALT = "calypso.act"
LABELS = {
    "close": gettext_noop("Clôturer le ticket"),
    "return": gettext_noop("Retourner le ticket"),
    "comment": gettext_noop("Répondre"),
}


@dataclass(frozen=True, slots=True)
class ActLink:
    """A link of a mail: the act, its label (French), the address, whose end is filled in when the mail leaves."""

    act: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class AskedAct:
    """What a link says: the ticket's reference, the key of the person it was made for, the act; whether it ended."""

    reference: str
    person_key: str
    act: str
    has_ended: bool


def links_of(ticket: Ticket, *, answerable: bool) -> Sequence[ActLink]:
    """Returns the links of a mail to a client about a ticket as it is: the guide's acts where it waits for them.

    `answerable`: the mail tells what the team wrote.
    """
    acts = {State.PROCESSED: ("close", "return"), State.WAITING: ("return",), State.CLOSED: ()}
    names = acts.get(ticket.state_now, ("comment",) if answerable else ())
    return [ActLink(name, LABELS[name], settings.SITE_URL + PATH + _placeholder(name) + "/") for name in names]


def _placeholder(act: str) -> str:
    return f"[lien-personnel-{act}]"


def fill_in(envelope: Envelope) -> Mapping[str, str]:
    """Returns the end of each address, for the recipient of a mail (`outbox.kinds.Kind.links`)."""
    reference = envelope.about.removeprefix("ticket:")
    return {_placeholder(act): signing.dumps([reference, envelope.recipient_key, act], salt=_SALT) for act in LABELS}


def read(token: str) -> AskedAct | None:
    """Returns what a link says; None for one that is not ours."""
    try:
        reference, person_key, act = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    try:
        signing.loads(token, salt=_SALT, max_age=LIFE)
    except signing.SignatureExpired:
        return AskedAct(reference, person_key, act, has_ended=True)
    return AskedAct(reference, person_key, act, has_ended=False)
