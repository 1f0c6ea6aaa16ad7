"""The ledger of erasures: one line a person, outside the database, so that a restored copy forgets them again (R130).

It holds public keys and dates, nothing that says who they were.
"""

import json
import os
from pathlib import Path

from django.conf import settings

from calypso.base import clock


def _ledger() -> Path:
    return Path(settings.VAR) / "erasures.jsonl"


def note(key: str) -> None:
    """Writes the key of an erased person down, on the disk before it returns."""
    with _ledger().open("a", encoding="utf-8") as ledger:
        ledger.write(json.dumps({"person": key, "at": clock.now().isoformat(timespec="seconds")}) + "\n")
        ledger.flush()
        os.fsync(ledger.fileno())


def noted() -> list[str]:
    """The keys of every erased person, in order, each once."""
    if not _ledger().exists():
        return []
    lines = _ledger().read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(json.loads(line)["person"] for line in lines))
