"""The ledger of erased people, kept outside the database so that a restored copy can erase them again (R130).

It has a JSON line for each person, with their public key and the date, and nothing that identifies them.
"""

import json
import os
from pathlib import Path

from django.conf import settings

from calypso.base import clock


def _ledger() -> Path:
    return Path(settings.VAR) / "erasures.jsonl"


def note(key: str) -> None:
    """Adds the key of an erased person; the line is on disk when this returns."""
    with _ledger().open("a", encoding="utf-8") as ledger:
        ledger.write(json.dumps({"person": key, "at": clock.now().isoformat(timespec="seconds")}) + "\n")
        ledger.flush()
        os.fsync(ledger.fileno())


def noted() -> list[str]:
    """Returns the keys of all erased people, in order, without duplicates."""
    if not _ledger().exists():
        return []
    lines = _ledger().read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(json.loads(line)["person"] for line in lines))
