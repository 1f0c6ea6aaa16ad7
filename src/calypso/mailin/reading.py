"""A received message as the program that reads it gives it back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calypso.base import files, isolation
from calypso.base.text import NAME_MAX, TITLE_MAX, clip, unmarked_line
from calypso.base.uploads import clean_name
from calypso.mailin.bounds import MEGABYTES, SECONDS

PROGRAM = "calypso.mailin.parse_program"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a message; `cid` is the name that the text gives to an image of it, empty for none."""

    name: str
    content: bytes
    cid: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says: `text` has the marks of `marks`; `senders` are (name, address) as From has them.

    `recipients` are the addresses that it was sent to, `answers` the Message-IDs that it answers, `headers` those by
    which programs say that no person wrote it, `marks` the names of its private ones.
    """

    senders: Sequence[tuple[str, str]]
    recipients: Sequence[str]
    subject: str
    text: str
    is_cut: bool
    files: Sequence[File]
    answers: Sequence[str]
    headers: dict[str, list[str]]
    marks: Sequence[str]
    report_type: str
    report: str
    calendar: str


def read_stored(name: str) -> Message:
    """Reads a stored message. Raises Died when that takes more than the bounds (R94), FileNotFoundError."""
    with files.open_stored(name) as stored:
        answer = isolation.run(PROGRAM, stored.read(), megabytes=MEGABYTES, seconds=SECONDS)
    head, _line, content = answer.partition(b"\n")
    return _message(json.loads(head), content)


def _message(facts: dict[str, Any], content: bytes) -> Message:
    taken, place = [], 0
    for file in facts["files"]:
        taken.append(File(clean_name(file["name"]), content[place : place + file["size"]], file["cid"]))
        place += file["size"]
    return Message(
        [(clip(unmarked_line(name), NAME_MAX), address) for name, address in facts["from"]],
        facts["recipients"],
        clip(unmarked_line(facts["subject"]), TITLE_MAX),
        facts["text"].replace("\x00", ""),
        facts["is_cut"],
        taken,
        facts["answers"],
        facts["headers"],
        facts["marks"],
        facts["report_type"],
        facts["report"],
        facts["calendar"],
    )
