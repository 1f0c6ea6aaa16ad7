"""Received messages for tests: those of the corpus, and plain ones made where they are used."""

import json
import tomllib
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from calypso.base import clock
from calypso.base.reply_addresses import Tone, reply_address
from calypso.mailin import parse_program, reading
from calypso.mailin.intake import receive
from calypso.mailin.models import ReceivedEmail
from calypso.mailin.processing import process_waiting
from calypso.mailin.reading import Message
from calypso.outbox.models import OutgoingEmail, State
from calypso.tickets.models import Ticket
from tests.world import World, address

CORPUS = Path(__file__).with_name("corpus")
MAILBOX = "tickets@leni.example"
PLACE = "tickets+reference.signature@leni.example"  # of the signed address, in the messages of the corpus


@dataclass(frozen=True)
class Expected:
    """What must be understood of a message; None says nothing of its words or files."""

    becomes: str
    words: str | None = None
    files: list[str] | None = None
    note: str = field(default="", compare=False)


def corpus() -> list[str]:
    return sorted(path.stem for path in CORPUS.glob("*.eml"))


def others() -> list[str]:
    return sorted(path.stem for path in (CORPUS / "others").glob("*.eml"))


def read(raw: bytes) -> Message:
    """A message as the reader gives it back, read in this process."""
    head, _line, content = parse_program.answer(raw).partition(b"\n")
    return reading._message(json.loads(head), content)


def expected(name: str) -> Expected:
    facts = tomllib.loads((CORPUS / f"{name}.toml").read_text(encoding="utf-8"))
    return Expected(
        facts["becomes"], facts.get("words", "").strip("\n") if "words" in facts else None, facts.get("files")
    )


def from_corpus(name: str, to: str) -> bytes:
    """A message of the corpus, sent to the signed address `to`."""
    raw = (CORPUS / f"{name}.eml").read_bytes()
    return raw.replace(PLACE.encode(), to.encode()).replace(
        b"reference.aaaa", to.partition("+")[2][:7].encode() + b".aaaa"
    )


def answer(
    world: World,
    who: str,
    ticket: Ticket,
    words: str,
    *,
    to: str = "",
    sender: str = "",
    tone: Tone = Tone.PUBLIC,
    files: dict[str, bytes] | None = None,
    **headers: str,
) -> bytes:
    """A message of somebody to a ticket, to their own signed address; `headers` are added, or replace those there are."""
    message = EmailMessage()
    message["From"] = sender or f"{world.person(who).full_name} <{address(who)}>"
    message["To"] = to or reply_address(ticket.reference, world.person(who).key, tone)
    message["Subject"] = f"Re: [{ticket.reference}] {ticket.title}"
    message["Date"] = "Tue, 24 Nov 2026 10:00:00 +0100"
    message["Message-ID"] = f"<{abs(hash((who, words)))}@mail.example>"
    message.set_content(words)
    for name, content in (files or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    for name, value in headers.items():
        header = name.replace("_", "-")
        del message[header]
        if value:
            message[header] = value
    return message.as_bytes()


def arrive(raw: bytes) -> ReceivedEmail:
    """Stores the message, and reads all that wait; returns its row as it then is."""
    row = receive(raw)
    process_waiting()
    row.refresh_from_db()
    return row


def sent(world: World, who: str, ticket: Ticket) -> OutgoingEmail:
    """The mail of the corpus that is being answered, as the outbox keeps it."""
    return OutgoingEmail.objects.create(
        key="0a1b2c",
        kind="tickets.waiting",
        about=f"ticket:{ticket.reference}",
        recipient_key=world.person(who).key,
        recipient=address(who),
        title="Ticket commenté",
        subject=f"[{ticket.reference}] {ticket.title}",
        text=(CORPUS / "sent.txt").read_text(encoding="utf-8"),
        html=(CORPUS / "sent.html").read_text(encoding="utf-8"),
        dedupe_key=f"corpus:{ticket.reference}:{who}",
        state=State.SENT,
        next_try=clock.now(),
        created_at=clock.now(),
        sent_at=clock.now(),
    )
