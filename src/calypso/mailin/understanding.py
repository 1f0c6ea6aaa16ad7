"""What a message adds to a ticket: the author's own words, and the files that belong to them (R96, R97)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import strip_tags

from calypso.accounts.models import User
from calypso.base.chosen import chosen
from calypso.base.i18n import gettext as _
from calypso.base.text import BODY_MAX, many_lines
from calypso.mailin import marks, phrases
from calypso.mailin.quoting import Known, own_words, whole_words
from calypso.mailin.reading import File, Message
from calypso.outbox.queries import emails_about
from calypso.tickets.models import Ticket

MAILS_KNOWN = 30  # our latest mails about a ticket that somebody may be quoting
_IMAGE = re.compile(f"{marks.IMAGE}([^{marks.IMAGE_END}]*){marks.IMAGE_END}")
_BODY = re.compile(r"<body.*?</body>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Understood:
    """The author's words, ready to be a comment; the whole text as it came; the files, in the order of the text."""

    words: str
    whole: str
    files: Sequence[File]


def understand(message: Message, person: User | None, ticket: Ticket | None) -> Understood:
    """Returns what `person` adds to `ticket` by this message; while one is unknown, nothing is known as ours."""
    names = [name for name, _address in message.senders if name]
    if person is not None:
        names = [person.full_name, *names, person.last_name, person.first_name]
    writers = [*names, chosen("VENDOR_NAME"), chosen("PRODUCT_NAME")]
    known = Known.of(_our_texts(person, ticket) if person and ticket else [], writers)
    forwards = bool(phrases.FORWARD_SUBJECT.match(message.subject))
    words = own_words(message.text, known=known, names=names, forwards=forwards)
    shown = set(_IMAGE.findall(words))
    named = set(_IMAGE.findall(message.text))
    # An image that only the signature or the quoted mail shows is theirs.
    taken = [file for file in message.files if file.cid in shown or file.cid not in named or not file.cid]
    labels = {file.cid: file.name for file in message.files if file.cid}
    return Understood(
        _bounded(many_lines(_labelled(words, labels)[: BODY_MAX * 4], BODY_MAX * 4), is_cut=message.is_cut),
        whole_words(_labelled(message.text, labels)),
        taken,
    )


def _our_texts(person: User, ticket: Ticket) -> list[str]:
    """Returns our latest mails to this person about this ticket, as texts and as what their pages show."""
    rows = emails_about(f"ticket:{ticket.reference}").filter(recipient_key=person.key)[:MAILS_KNOWN]
    return [text for row in rows for text in (row.text, _shown(row.html))]


def _shown(page: str) -> str:
    body = _BODY.search(page)
    return strip_tags(re.sub(r"</(?:div|p|h\d|td|tr)>|<br ?/?>", "\n", body[0] if body else page))


def _labelled(text: str, labels: dict[str, str]) -> str:
    """Puts the name of each image in its place."""
    return _IMAGE.sub(lambda image: f"[{labels[image[1]]}]" if image[1] in labels else "", text)


def _bounded(words: str, *, is_cut: bool) -> str:
    """Returns words that a comment can hold; the end of a longer text is read in the message.

    So it is where the message itself is cut: what is answered below a very long quotation is not read.
    """
    if len(words) <= BODY_MAX and not (is_cut and words):
        return words
    end = "\n\n" + _("(La suite se lit dans le message d'origine.)")
    return words[: BODY_MAX - len(end)].rstrip() + end
