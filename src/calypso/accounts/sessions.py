"""Sessions in the database, with their person and device beside the data. The session engine named in the settings.

A session is read together with its person: one query tells who asks, what their bell says, and which companies a
contact belongs to.
"""

import time
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from calypso.base import clock
from calypso.base.text import is_key

USER_FIELD, STARTED_FIELD, SEEN_FIELD, REMEMBER_FIELD, DEVICE_FIELD = "person", "started", "seen", "remember", "device"


HOUR = 3600
DAY = 24 * HOUR


def limits(*, staff: bool, remembered: bool) -> tuple[int, int]:
    """The longest idle time and the longest life of a session, in seconds (R35, decision 21)."""
    if staff:
        return HOUR, 12 * HOUR
    return (14 * DAY, 30 * DAY) if remembered else (2 * HOUR, 12 * HOUR)


def is_over(data: Mapping[str, Any], *, staff: bool) -> bool:
    """Whether a session that holds this is over, by idleness or by age."""
    idle, life = limits(staff=staff, remembered=bool(data.get(REMEMBER_FIELD)))
    now = time.time()
    return bool(now - data.get(SEEN_FIELD, 0) > idle or now - data.get(STARTED_FIELD, 0) > life)


# The person of the session that was just read, for the backend that asks next who it is; taken once.
_person: ContextVar[Any] = ContextVar("person", default=None)


def take_person(user_id: int) -> Any:
    """The person that came with the session just read, if it is theirs; None otherwise. Taken once."""
    found = _person.get()
    _person.set(None)
    return found if found is not None and found.pk == user_id else None


class SessionStore(DatabaseStore):
    """Django's database store on our session model."""

    def _validate_session_key(self, key: str | None) -> bool:
        # Django's own name, which its type stubs leave out: a cookie holding a NUL would break PostgreSQL.
        return bool(key and is_key(key) and super()._validate_session_key(key))  # type: ignore[misc]

    @classmethod
    def get_model_class(cls) -> Any:
        from calypso.accounts.models import Session  # the app registry is not ready when this module is imported

        return Session

    def load(self) -> dict[str, Any]:
        from calypso.accounts.people import session_with_person  # needs the models: as below

        row = session_with_person(self.session_key or "")
        if row is None:
            self._session_key = None
            return {}
        _person.set(row.user)
        data: dict[str, Any] = self.decode(row.session_data)
        return data

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        now = clock.now()
        row.user_id = data.get(USER_FIELD)
        row.started_at = _instant(data.get(STARTED_FIELD)) or now
        row.seen_at = _instant(data.get(SEEN_FIELD)) or now
        row.remembered = bool(data.get(REMEMBER_FIELD))
        row.device = str(data.get(DEVICE_FIELD, ""))[:200]
        return row


def _instant(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
