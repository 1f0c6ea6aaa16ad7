"""Marks for the message catalogue, for tables that must not import Django."""


def gettext_noop(message: str) -> str:
    """Marks `message` for the catalogue and returns it as it is; it is translated where it is shown."""
    return message
