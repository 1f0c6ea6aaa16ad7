"""What came by mail in the demonstration: an answer from a telephone, and a message of a stranger."""

from django.conf import settings

from calypso.accounts.models import User
from calypso.mailin.intake import receive
from calypso.mailin.processing import process_waiting
from calypso.mailin.trial import answer_of
from calypso.outbox.models import OutgoingEmail
from calypso.tickets.actions.dispatch import act
from calypso.tickets.models import Ticket

STRANGER = """From: Jeanne MOREAU <jeanne.moreau@salon-lyon.example>
To: {to}
Subject: Nos badges pour mardi
Message-ID: <nos-badges@salon-lyon.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Bonjour,

Nous exposons au hall 4 et nous attendons toujours nos badges.
Pouvez-vous nous rappeler avant mardi ?

Cordialement,
Jeanne MOREAU
Salon de Lyon, 04 72 00 00 00
"""


def arrive(raw: bytes) -> None:
    """Brings a message in and reads it, as the worker would."""
    receive(raw)
    process_waiting()


def answer(person: User, reference: str, words: str) -> None:
    """Answers the person's latest mail about a ticket; writes on its page where no mailbox is read."""
    mails = OutgoingEmail.objects.filter(about=f"ticket:{reference}", recipient_key=person.key)
    mail = mails.order_by("-id").first()
    if mail is None or "Reply-To" not in mail.headers:
        ticket = Ticket.objects.select_related("project").get(reference=reference)
        act(person, ticket=ticket, name="comment", seen_version=ticket.version, body=words)
        return
    arrive(answer_of(person, mail, f"{words}\n\nEnvoyé de mon iPhone"))


def stranger() -> None:
    """A message from somebody who has no account."""
    arrive(STRANGER.format(to=settings.REPLY_ADDRESS or settings.SUPPORT_ADDRESS).encode())
