"""The token that opens a mailbox of Microsoft 365 or Google, instead of a password (OAuth2)."""

import json
import time
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

ANSWER_LARGEST = 64 * 2**10  # bytes
EARLY = 60  # seconds before its end when a token is no longer used


class TokenSource:
    """Asks for tokens, and keeps one while it lasts. Raises OSError or ValueError when none is given."""

    def __init__(self, source: dict[str, Any]) -> None:
        self._url, self._fields = source["url"], dict(source["fields"])
        self._token, self._until = "", 0.0

    def token(self) -> str:
        """Returns a token that still lasts."""
        if time.monotonic() >= self._until:
            asked = Request(self._url, data=urlencode(self._fields).encode(), method="POST")  # noqa: S310 - our setting
            with urlopen(asked, timeout=30) as answered:  # noqa: S310
                facts = json.loads(answered.read(ANSWER_LARGEST))
            self._token = str(facts["access_token"])
            self._until = time.monotonic() + max(0, int(facts.get("expires_in", 0)) - EARLY)
            if "refresh_token" in facts:  # Microsoft gives the next one with each
                self._fields["refresh_token"] = facts["refresh_token"]
        return self._token
