"""What a report says of a mail of ours: that it did not arrive, and why (RFC 3464)."""

import re

from calypso.mailin.reading import Message
from calypso.outbox.bounces import OUR_ID

_LINE = re.compile(r"^([a-z-]+):\s*(.+)$", re.MULTILINE)
_FOR_GOOD = ("failed",)


def mail_of(message: Message) -> str:
    """Returns the key of the mail of ours that a message answers or reports on; empty for none.

    The answers of people name it last, above the whole thread; reports carry its headers.
    """
    found = OUR_ID.search(" ".join(message.answers)) or OUR_ID.search(message.report) or OUR_ID.search(message.text)
    return found[1] if found else ""


def failure_of(message: Message) -> str:
    """Returns why a mail did not arrive, in the words of the server; empty for a report of a delay.

    A report without its part for programs says so in its text.
    """
    facts: dict[str, str] = {}
    for name, value in _LINE.findall(message.report.lower()):
        facts.setdefault(name, value.strip())
    if facts.get("action", "failed") not in _FOR_GOOD:
        return ""
    said = " ".join(filter(None, (facts.get("status"), facts.get("diagnostic-code"))))
    return said or " ".join(message.text.split())
