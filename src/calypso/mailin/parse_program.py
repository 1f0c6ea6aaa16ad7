"""A program that reads a received message and writes what it holds: headers, text with marks, files (see `isolation`).

It runs alone because messages are hostile: parts within parts, pages that take an hour to read, and faults of the
libraries that read them (R93, R94).
"""

import email
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from typing import Any

from calypso.base.isolation import bound_memory
from calypso.mailin import marks
from calypso.mailin.bounds import ADDRESS_HEADERS, DEPTH, PARTS, WHOLE_TEXT

_RECIPIENTS = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_SIGNATURE_FILES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")


class TooMuch(Exception):
    """The message has more parts, or parts deeper within parts, than anybody writes."""


@dataclass
class Content:
    """What a message holds. `texts` are those that are read one after the other, `files` those that come with them."""

    texts: list[str] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    bytes_: list[bytes] = field(default_factory=list)
    report: str = ""
    calendar: str = ""


def main() -> None:
    """Answers with one line of JSON, then the bytes of each file, of which the line gives the sizes."""
    bound_memory()
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))


def answer(raw: bytes) -> bytes:
    """Returns what `main` writes about the message `raw`. Raises TooMuch, or whatever the libraries raise."""
    message = email.message_from_bytes(raw)
    content = Content()
    _check(message)
    _walk(message, content)
    facts = {
        **_facts(message),
        "text": "\n\n".join(content.texts)[:WHOLE_TEXT],
        "is_cut": sum(map(len, content.texts)) > WHOLE_TEXT,
        "files": content.files,
        "report": content.report,
        "calendar": content.calendar,
    }
    return json.dumps(facts).encode() + b"\n" + b"".join(content.bytes_)


def _check(message: Message) -> None:
    """Raises TooMuch beyond the bounds of a message."""
    waiting, count = [(message, 1)], 0
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if count > PARTS or depth > DEPTH:
            raise TooMuch
        if part.is_multipart():
            waiting += [(inner, depth + 1) for inner in _inner(part)]


def _inner(part: Message) -> list[Message]:
    return [inner for inner in part.get_payload() if isinstance(inner, Message)]


def _facts(message: Message) -> dict[str, Any]:
    """Returns what is asked of the headers, decoded."""
    headers: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        headers.setdefault(name.lower(), []).append(decoded(value))

    def first(name: str) -> str:
        return headers.get(name, [""])[0].strip()

    return {
        "from": getaddresses(headers.get("from", [])),
        "recipients": [
            address
            for name in _RECIPIENTS
            for _words, address in getaddresses(headers.get(name, [])[:ADDRESS_HEADERS])[:ADDRESS_HEADERS]
            if address
        ],
        "subject": first("subject"),
        "message_id": first("message-id"),
        "answers": f"{first('in-reply-to')} {first('references')}".split()[:ADDRESS_HEADERS],
        "headers": {
            name: headers[name]
            for name in ("auto-submitted", "precedence", "return-path", "list-id", "authentication-results")
            if name in headers
        },
        "marks": sorted(name for name in headers if name.startswith("x-")),
        "report_type": str(message.get_param("report-type", "")).lower(),
    }


def decoded(value: Any) -> str:
    """Returns a header in letters: its encoded words decoded, bytes that no encoding was given for as UTF-8."""
    raw = str(value).replace("\r", "").replace("\n", " ")
    text = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        parts = decode_header(text)
    except HeaderParseError:
        return text
    return "".join(_letters(part, charset or "ascii") if isinstance(part, bytes) else part for part, charset in parts)


def _letters(content: bytes, charset: str) -> str:
    """Returns bytes as text. Mail programs lie about their charset: UTF-8 that reads as UTF-8 is UTF-8."""
    for name in ("utf-8", charset) if charset.lower() in ("ascii", "us-ascii", "") else (charset, "utf-8"):
        with suppress(UnicodeDecodeError, LookupError):
            return content.decode(name)
    return content.decode("cp1252", "replace")


def _walk(part: Message, content: Content) -> None:
    """Adds a part, and those within it, to the content."""
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        _alternative(_inner(part), content)
    elif kind == "multipart/report":
        content.report = "".join(_report_lines(part))
        for inner in _inner(part)[:1]:
            _walk(inner, content)
    elif kind.startswith("multipart/"):
        for inner in _inner(part):
            _walk(inner, content)
    elif kind == "text/calendar":
        content.calendar = str(part.get_param("method", "")).upper() or "PUBLISH"
        _file(part, content, "invitation.ics")
    elif kind == "message/rfc822":
        _file(part, content, "message.eml")
    elif kind in ("text/plain", "text/html") and _is_read(part):
        content.texts.append(_text(part))
    elif kind not in _SIGNATURE_FILES:
        _file(part, content, "")


def _is_read(part: Message) -> bool:
    """Returns whether a text is part of what is read, not a file that comes with it."""
    return part.get_content_disposition() != "attachment" and not part.get_filename()


def _alternative(parts: list[Message], content: Content) -> None:
    """Reads the page of a message, which says what is quoted; else its text. What stands beside them comes along."""
    before = len(content.texts)
    for kind in ("text/html", "text/plain"):
        for part in [part for part in parts if _holds(part, kind)][:1]:
            with suppress(RecursionError):  # a page of boxes without end: its text is read
                _walk(part, content)
        if len(content.texts) > before:
            break
    for part in parts:
        if not _holds(part, "text/plain") and not _holds(part, "text/html"):
            _walk(part, content)


def _holds(part: Message, kind: str) -> bool:
    return any(inner.get_content_type() == kind and _is_read(inner) for inner in part.walk())


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    charset = str(part.get_content_charset("ascii"))
    text = _letters(payload if isinstance(payload, bytes) else b"", charset).replace("\r\n", "\n").replace("\r", "\n")
    if part.get_content_type() == "text/html":
        from calypso.mailin.page_text import as_text  # most of the time that reading takes: only where there is a page

        return as_text(text)
    text = text.translate(marks.TAKEN_OUT)
    if str(part.get_param("format", "")).lower() == "flowed":
        return "\n".join(_unflowed(text, joins=str(part.get_param("delsp", "")).lower() == "yes"))
    return text


def _unflowed(text: str, *, joins: bool) -> Iterator[str]:
    """Yields the lines as they were typed: a line that ends with a space goes on in the next (RFC 3676)."""
    held, depth = "", 0
    for line in text.split("\n"):
        words = line.lstrip(">")
        quoted = len(line) - len(words)
        words = words.removeprefix(" ")
        if held and quoted != depth:
            yield _requoted(held.rstrip(), depth)
            held = ""
        depth = quoted
        if words.endswith(" ") and words != "-- ":
            held += words[:-1] if joins else words
            continue
        yield _requoted(held + words, depth)
        held = ""
    if held:
        yield _requoted(held.rstrip(), depth)


def _requoted(words: str, depth: int) -> str:
    return f"{marks.QUOTED * depth} {words}" if depth else words


def _file(part: Message, content: Content, name: str) -> None:
    """Adds a file. An image that the page names is shown where the page shows it."""
    if part.get_content_type() == "message/rfc822":
        payload = _inner(part)[0].as_bytes() if _inner(part) else b""
    else:
        held = part.get_payload(decode=True)
        payload = held if isinstance(held, bytes) else b""
    identifier = str(part.get("content-id", "")).strip().strip("<>")
    given = decoded(part.get_filename() or "") or name or f"fichier.{part.get_content_subtype()}"
    if part.get_content_disposition() == "inline" and part.get_content_maintype() == "image" and not identifier:
        identifier = f"part-{len(content.files)}"  # a phone writes texts around its pictures
        content.texts.append(f"{marks.IMAGE}{identifier}{marks.IMAGE_END}")
    content.files.append({"name": given, "size": len(payload), "cid": identifier})
    content.bytes_.append(payload)


def _report_lines(part: Message) -> Iterator[str]:
    """Yields what a report says to programs: which mail did not arrive, and why (RFC 3464)."""
    for inner in _inner(part)[1:]:
        for facts in _inner(inner) if inner.is_multipart() else [inner]:
            for name, value in facts.raw_items():
                yield f"{name.lower()}: {decoded(value)}\n"
            if inner.get_content_type() == "text/rfc822-headers":
                payload = facts.get_payload(decode=True)
                yield _letters(payload if isinstance(payload, bytes) else b"", "ascii")


if __name__ == "__main__":
    main()
