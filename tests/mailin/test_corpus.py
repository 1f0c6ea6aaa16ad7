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
    assert event.body.partition("\n\nFichiers non joints")[0] == row.words
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


@pytest.mark.parametrize(
    "text,words",
    [
        ("Le plan est toujours blanc sur le hall 3.", None),
        ("Bonjour,\n\nLe plan est toujours blanc sur le hall 3.", None),
        ("Le montant est de 40 euros.\nMerci", None),
        ("On gate 4 it fails.\nOn gate 5 it works.", None),
        ("Am Tor 4 geht es nicht.", None),
        ("El torno 4 no lee nada.", None),
        ("Le 12 mars 2026 le salon ouvre à 9h30.", None),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "said",
    [
        "Le lun. 23 nov. 2026 à 10:12, Léni <a@b.example> a écrit :",
        "Le lun. 23 nov. 2026 à 10:12, Léni - Calypso\n<a@b.example> a\nécrit :",
        "On Mon, Nov 23, 2026 at 10:12 AM Léni <a@b.example> wrote:",
    ],
)
def test_r97_a_sentence_above_the_line_that_says_who_wrote_is_the_author_s(
    text: str, words: str | None, gap: str, said: str
) -> None:
    """Sentences that begin as such a line does, « Le … », « On … », were taken for the beginning of it."""
    whole = f"{text}{gap}{said}\n> Quelle borne ?\n"
    assert own_words(whole, known=Known.of([], ["Léni"]), names=[]) == text


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
