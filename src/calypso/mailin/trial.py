"""Trying mails without a mail server: a message that was sent is answered in its reader's place, from the desk.

Only where no mail leaves and nothing is public: the answer is then read like any other.
"""

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.conf import settings
from django.utils.html import escape

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.text import BODY_MAX
from calypso.base.validation import Input
from calypso.mailin.intake import receive
from calypso.outbox.models import OutgoingEmail


def may_be_answered(email: OutgoingEmail) -> bool:
    """Returns whether a mail can be answered in its reader's place: nothing leaves, and it says where answers go."""
    return not settings.MAILERS and not settings.PRODUCTION and "Reply-To" in email.headers


def answer_as_reader(by: User, *, email: OutgoingEmail, words: str) -> None:
    """Answers a mail as the person it was written to. For those who see the outbox.

    Raises NotVisible where mails leave, Invalid for an empty text.
    """
    require(by, Capability.SEE_OUTBOX)
    person = User.objects.filter(key=email.recipient_key).first()
    if person is None or not may_be_answered(email):
        raise NotVisible
    checked = Input()
    text = checked.lines("answer", words, BODY_MAX)
    if not text:
        raise Invalid({"answer": [_("Écrivez une réponse.")]})
    checked.done()
    receive(answer_of(person, email, text))


def answer_of(person: User, email: OutgoingEmail, words: str) -> bytes:
    """Returns the message by which a mail program would send these words: the mail that they answer is quoted below."""
    message = EmailMessage()
    message["From"] = f"{person.full_name} <{email.recipient}>"
    message["To"] = email.headers["Reply-To"]
    message["Subject"] = f"Re: {email.subject}"
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=email.recipient.rpartition("@")[2])
    message["In-Reply-To"] = message["References"] = email.headers["Message-ID"]
    sent = f"{clock.now():%d/%m/%Y}, {settings.VENDOR_NAME} <{settings.MAIL_FROM}>"
    said = _("Le %(sent)s a écrit :") % {"sent": sent}
    quoted = "\n".join(f"> {line}".rstrip() for line in email.text.split("\n"))
    message.set_content(f"{words}\n\n{said}\n{quoted}\n")
    shown = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in words.split("\n"))
    page = f'<div class="gmail_attr">{escape(said)}</div><blockquote class="gmail_quote">{email.html}</blockquote>'
    message.add_alternative(f'<div dir="ltr">{shown}</div><br><div class="gmail_quote">{page}</div>', subtype="html")
    return message.as_bytes()
