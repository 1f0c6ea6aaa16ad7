"""Messages in the manner of mail programs, in four languages, and what is understood of each (R85, R90, R95–R97)."""

import re
import tomllib
from pathlib import Path

import pytest

from calypso.base.reply_addresses import reply_address
from calypso.mailin.automatic import automatic_reason
from calypso.mailin.phrases import FORWARD_SUBJECT
from calypso.mailin.quoting import Known, own_words
from calypso.tickets.models import Attachment, TicketEvent
from tests.mailin.mails import CORPUS, arrive, corpus, expected, from_corpus, others, read, sent
from tests.mailin.table import table
from tests.world import World

pytestmark = pytest.mark.usefixtures("read_here")
# The words of our mail that an answer may say too.
_SHARED = {"Bonjour,"}


@pytest.mark.parametrize("name", corpus())
def test_r97_what_the_author_wrote_and_nothing_else(name: str, world: World) -> None:
    ticket = world.ticket("A1")
    sent(world, "dec", ticket)
    wanted = expected(name)
    row = arrive(from_corpus(name, reply_address(ticket.reference, world.dec.key)))
    state, _space, reason = wanted.becomes.partition(" ")
    assert (row.state, row.reason) == (("applied", "") if state == "comment" else (state, reason))
    if wanted.words is not None:
        assert row.words == wanted.words
    if state != "comment":
        assert row.event is None
        return
    event = TicketEvent.objects.get(pk=row.event_id)
    assert (event.ticket_id, event.actor_id, event.source) == (ticket.pk, world.dec.pk, "mail")
    assert event.body == row.words
    if wanted.files is not None:
        assert [file.name for file in Attachment.objects.filter(event=event).order_by("id")] == wanted.files
    our_lines = Known.of([(CORPUS / "sent.txt").read_text(encoding="utf-8")])
    assert [line for line in event.body.split("\n") if our_lines.has(line) and line not in _SHARED] == []


@pytest.mark.parametrize(
    "text,words",
    [
        ("La borne 4.\n\nDenis ECLUSE\nALPHA, hall B", "La borne 4."),
        ("La borne 4.\n\nCordialement,\n" + "\n".join(f"Denis {number}" for number in range(20)), None),
        ("Denis ECLUSE\nalpha", "Denis ECLUSE\nalpha"),
    ],
)
def test_r97_a_signature_is_a_name_and_few_lines(text: str, words: str | None) -> None:
    names = ["Denis ECLUSE", "ECLUSE", "Denis"]
    assert own_words(text, known=Known.of([], names), names=names) == (text if words is None else words)


def test_the_corpus_is_as_large_as_was_asked() -> None:
    assert len(corpus()) >= 80


@pytest.mark.parametrize("name", others())
def test_r97_messages_that_the_reader_was_not_written_for(name: str) -> None:
    """Written by somebody who had not seen the reader: each sentence of the author is there, no quoted piece is."""
    wanted = tomllib.loads((CORPUS / "others" / f"{name}.toml").read_text(encoding="utf-8"))
    message = read((CORPUS / "others" / f"{name}.eml").read_bytes())
    names = ["Denis ECLUSE", "ECLUSE", "Denis"]
    known = Known.of(
        [(CORPUS / part).read_text(encoding="utf-8") for part in ("sent.txt", "sent.html")], [*names, "Léni"]
    )
    words = own_words(message.text, known=known, names=names, forwards=bool(FORWARD_SUBJECT.match(message.subject)))
    flat = re.sub(r"\s+", " ", words)
    assert [piece for piece in wanted["must"] if re.sub(r"\s+", " ", piece) not in flat] == []
    assert [piece for piece in wanted.get("must_not", []) if re.sub(r"\s+", " ", piece) in flat] == []
    assert (automatic_reason(message) is not None) == wanted.get("automatic", False)


@pytest.mark.parametrize("name", ["gmail-web-fr", "outlook-windows-de", "thunderbird-between-lines"])
def test_r97_the_whole_message_stays_beside(name: str, world: World) -> None:
    ticket = world.ticket("A1")
    sent(world, "dec", ticket)
    row = arrive(from_corpus(name, reply_address(ticket.reference, world.dec.key)))
    whole = re.sub(r"\W+", " ", row.text)
    for line in (CORPUS / "sent.txt").read_text(encoding="utf-8").split("\n")[10:13]:
        assert re.sub(r"\W+", " ", line).strip() in whole


def test_the_table_of_the_documentation_is_that_of_the_corpus() -> None:
    page = Path(__file__).parents[2] / "docs" / "received-mails.md"
    assert page.read_text(encoding="utf-8") == table()
