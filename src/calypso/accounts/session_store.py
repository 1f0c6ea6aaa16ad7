"""The session engine: sessions in the database, with person, dates and device as columns beside the data."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.crypto import constant_time_compare

from calypso.accounts.access import must_have_factor
from calypso.accounts.models import Session, User
from calypso.accounts.sessions import DEVICE_FIELD, REMEMBER_FIELD, SEEN_FIELD, STARTED_FIELD, USER_FIELD, is_over
from calypso.base import clock


class SessionStore(DatabaseStore):
    """Django's database session store on the model `Session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

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


def still_signed_in(keys: Collection[str]) -> dict[str, User]:
    """Returns, by session key, the people whose sessions would still be accepted by a page. One query.

    Checks for many sessions what `SessionLifetimeMiddleware` and `SecondFactorMiddleware` check for a request.
    """
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now()).select_related("user")
    people, store = {}, SessionStore()
    for row in rows:
        person, data = row.user, store.decode(row.session_data)
        if person is None or not person.active or is_over(data, staff=not person.is_client):
            continue
        if must_have_factor(person) and not person.two_factor:
            continue
        if constant_time_compare(data.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash()):
            people[row.session_key] = person
    return people
