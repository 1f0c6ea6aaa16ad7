"""A restored installation sends nothing until somebody says so: a mark outside the database (13.4)."""

from pathlib import Path

from django.conf import settings


def _mark() -> Path:
    return Path(settings.VAR) / "paused"


def is_paused() -> bool:
    """Whether no mail may leave."""
    return _mark().exists()


def pause() -> None:
    """Stops every departure; mails go on being written and wait."""
    _mark().touch()


def resume() -> None:
    """Lets mails leave again."""
    _mark().unlink(missing_ok=True)
