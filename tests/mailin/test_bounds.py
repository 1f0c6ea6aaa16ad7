"""What hostile messages cost: the program that reads them is bounded, and alone (R93, R94, R96)."""

import os
import re
import sys
from io import BytesIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from calypso.base import files, isolation
from calypso.mailin import parse_program
from calypso.mailin.bounds import DEPTH, PARTS, WHOLE_TEXT
from calypso.mailin.models import ReceivedEmail
from calypso.mailin.page_text import as_text
from calypso.mailin.reading import read_stored
from tests.mailin.mails import read

HEAD = b"From: a@b.example\nMIME-Version: 1.0\n"


FLOWED = "> un deux\nmoi\n> trois\nfin"


def nested(depth: int) -> bytes:
    raw = b"Content-Type: text/plain\n\nFond.\n"
    for level in range(depth - 1):
        name = f"b{level}".encode()
        raw = (
            b'Content-Type: multipart/mixed; boundary="'
            + name
            + b'"\n\n--'
            + name
            + b"\n"
            + raw
            + b"\n--"
            + name
            + b"--\n"
        )
    return HEAD + raw


def many(parts: int) -> bytes:
    part = b"--b\nContent-Type: text/plain\n\nx\n"
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n' + part * parts + b"--b--\n"


@pytest.mark.parametrize(
    "raw,taken", [(nested(DEPTH), True), (nested(DEPTH + 1), False), (many(PARTS - 1), True), (many(PARTS), False)]
)
def test_r94_parts_are_counted(raw: bytes, taken: bool) -> None:
    if taken:
        assert read(raw).text
        return
    with pytest.raises(parse_program.TooMuch):
        parse_program.answer(raw)


@pytest.mark.parametrize(
    "raw",
    [nested(1000), many(5000), HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 400_000],
    ids=["parts in parts", "parts", "boxes"],
)
def test_r94_a_program_of_its_own_dies_of_it(
    raw: bytes, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FILES_ROOT = tmp_path
    monkeypatch.setattr("calypso.mailin.reading.SECONDS", 3)
    stored = files.store([raw], limit=2**25)
    with pytest.raises(isolation.Died):
        read_stored(stored.name)


def test_r94_a_message_that_takes_too_long_ends(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path
    stored = files.store([b"From: a@b.example\n\nx\n"], limit=1000)
    monkeypatch.setattr("calypso.mailin.reading.SECONDS", 0.01)
    with pytest.raises(isolation.Died):
        read_stored(stored.name)


def test_a_page_of_boxes_without_end_is_read_by_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calypso.mailin.page_text.RECURSION", 1500)
    page = b"<div>" * 2000 + b"Dans la page" + b"</div>" * 2000
    raw = (
        HEAD
        + b'Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain\n\nDans le texte\n'
        + b"--b\nContent-Type: text/html\n\n"
        + page
        + b"\n--b--\n"
    )
    assert read(raw).text.strip() == "Dans le texte"


def test_a_text_is_cut_where_nobody_reads_on() -> None:
    message = read(HEAD + b"Content-Type: text/plain\n\n" + b"mot " * WHOLE_TEXT)
    assert (len(message.text), message.is_cut) == (WHOLE_TEXT, True)


@pytest.mark.parametrize(
    "raw,text",
    [
        (b"Subject: =?utf-8?b?a?=\nContent-Type: text/plain\n\nx", "x"),
        (b"Content-Type: text/html\n\n<!-- cache --><h2>Titre</h2><h2></h2><p>x</p>", "**Titre**\n\nx"),
        (b"Content-Type: text/plain; format=flowed\n\n> un \n> deux\nmoi \n> trois \nfin ", FLOWED),
        (b"Content-Type: text/plain; format=flowed; delsp=yes\n\ncou \npe", "coupe"),
        (b"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: image/png\n\nx\n--b--\n", ""),
    ],
)
def test_what_mail_programs_write_oddly_is_read(raw: bytes, text: str) -> None:
    assert re.sub(r"\n{3,}", "\n\n", read(HEAD + raw).text).strip() == text


def test_the_marks_of_the_reader_do_not_come_from_outside() -> None:
    raw = HEAD + "Content-Type: text/plain; charset=utf-8\n\n\ue000\n\ue002signé\n\ue004x\ue005\n".encode()
    assert read(raw).text.strip() == "signé\nx"
    assert as_text("<p>\ue000a</p>").strip() == "a"


class TestReceive:
    """`calypso receive < message`, for a mail server that delivers to a command."""

    @pytest.fixture
    def stdin(self, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any, db: None) -> Any:
        settings.FILES_ROOT = tmp_path

        def give(raw: bytes) -> None:
            monkeypatch.setattr(sys, "stdin", type("In", (), {"buffer": BytesIO(raw)}))

        return give

    def test_a_message_is_stored(self, stdin: Any) -> None:
        stdin(b"From: a@b.example\nSubject: x\n\nBonjour.\n")
        call_command("receive")
        assert ReceivedEmail.objects.get().sender == "a@b.example"

    def test_r92_what_is_not_stored_is_brought_again(self, stdin: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def lost(*_arguments: object) -> None:
            raise DatabaseError("away")

        monkeypatch.setattr("calypso.ops.management.commands.receive.receive", lost)
        stdin(b"From: a@b.example\n\nBonjour.\n")
        with pytest.raises(SystemExit) as end:
            call_command("receive")
        assert end.value.code == os.EX_TEMPFAIL
