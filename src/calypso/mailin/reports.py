"""What a report says of a mail of ours: that it did not arrive, and why (RFC 3464)."""

import re
from dataclasses import dataclass

from calypso.mailin.reading import Message
from calypso.outbox.bounces import OUR_ID

_LINE = re.compile(r"^([A-Za-z-]+):\s*(.+)$", re.MULTILINE)


def mail_of(message: Message) -> str:
    """Returns the key of the mail of ours that a message answers or reports on; empty for none.

    The answers of people name it last, above the whole thread; reports carry its headers.
    """
    found = OUR_ID.search(" ".join(message.answers)) or OUR_ID.search(message.report) or OUR_ID.search(message.text)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A mail that did not arrive: why, in the words of the server, and at which address, empty when it is not said."""

    reason: str
    address: str = ""


def failure_of(message: Message) -> Failure | None:
    """Returns what a report says of a mail that did not arrive; None for a report of a delay.

    A report without its part for programs says so in its text.
    """
    facts: dict[str, str] = {}
    for name, value in _LINE.findall(message.report):
        facts.setdefault(name.lower(), value.strip())
    if facts.get("action", "failed").lower() != "failed":
        return None
    said = " ".join(filter(None, (facts.get("status"), facts.get("diagnostic-code"))))
    about = facts.get("original-recipient") or facts.get("final-recipient") or ""
    return Failure(said or " ".join(message.text.split()), about.rpartition(";")[2].strip().strip("<>"))
