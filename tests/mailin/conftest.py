"""The mailbox of the tests, and a reader that does in this process what it does in one of its own."""

from pathlib import Path
from typing import Any

import pytest

from calypso.base import isolation
from calypso.mailin import parse_program
from tests.mailin.mails import MAILBOX


@pytest.fixture(autouse=True)
def mailbox(settings: Any, tmp_path: Path) -> None:
    settings.REPLY_ADDRESS = MAILBOX
    settings.FILES_ROOT = tmp_path / "files"
    settings.VAR = tmp_path


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads messages in this process: starting another for each takes longer than to read it."""

    def run(program: str, content: bytes, *, megabytes: int, seconds: int) -> bytes:
        try:
            return parse_program.answer(content)
        except (parse_program.TooMuch, MemoryError, ValueError, RecursionError) as fault:
            raise isolation.Died(program) from fault

    monkeypatch.setattr(isolation, "run", run)
