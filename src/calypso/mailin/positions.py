"""The name of a mailbox, under which it is known how far it was read."""

from typing import Any


def name_of(server: dict[str, Any]) -> str:
    """Returns the name under which the position in this mailbox is kept."""
    return f"{server['username']}@{server['host']}:{server['port']}/{server['folder']}"
