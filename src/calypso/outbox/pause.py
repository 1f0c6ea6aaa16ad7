"""The pause of sending: a restored installation sends nothing until somebody resumes it (13.4).

The mark is a file, outside the database.
"""

from pathlib import Path

from django.conf import settings


def _mark_file() -> Path:
    return Path(settings.VAR) / "paused"


def is_paused() -> bool:
    """Returns whether sending is paused."""
    return _mark_file().exists()


def pause() -> None:
    """Pauses sending; mails are still queued, and wait."""
    _mark_file().touch()


def resume() -> None:
    """Resumes sending."""
    _mark_file().unlink(missing_ok=True)
