"""Marks strings for the message catalogue, in tables that must not import Django."""


def gettext_noop(message: str) -> str:
    """Marks `message` for the catalogue and returns it unchanged; it is translated where it is displayed."""
    return message
