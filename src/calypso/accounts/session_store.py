"""The session engine: sessions in the database, their person, dates and device beside the data.

A session is read together with its person, in one query that tells what their bell says and which companies a contact
belongs to. Measured against Django's own store and three queries in ADR 0013.
"""

from collections.abc import Collection
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import CharField, OuterRef, QuerySet, StringAgg, Subquery, Value
from django.db.models.functions import Cast
from django.utils.crypto import constant_time_compare

from calypso.accounts.access import must_have_factor
from calypso.accounts.models import Membership, Session, User
from calypso.accounts.sessions import DEVICE_FIELD, REMEMBER_FIELD, SEEN_FIELD, STARTED_FIELD, USER_FIELD, is_over
from calypso.base import clock
from calypso.internals.compiled_query import CompiledQuery
from calypso.outbox.queries import unseen_of

# The person of the session that was just read, for the authentication backend that asks next who it is; taken once.
_person: ContextVar[User | None] = ContextVar("person", default=None)


def take_person(user_id: int) -> User | None:
    """Returns the person that came with the session just read, if it is theirs; None otherwise. Taken once."""
    found = _person.get()
    _person.set(None)
    return found if found is not None and found.pk == user_id else None


class SessionStore(DatabaseStore):
    """Django's database store on our session model."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        row: Session | None = _SESSION.first(self.session_key or "", clock.now())
        if row is None:
            return super().load()  # which forgets the key
        _person.set(_completed(row))
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


def _completed(row: Session) -> User | None:
    """The person of a session, with what every page asks about them."""
    person = row.user
    if person is not None:
        ids = row.companies or ""  # type: ignore[attr-defined]  # an annotation, as the next one
        person.unseen = row.unseen  # type: ignore[attr-defined]
        own = frozenset(int(one) for one in ids.split(",") if one) if person.is_client else frozenset()
        person.__dict__["organization_ids"] = own  # what the cached property would ask again
    return person


def _with_person(key: str, now: datetime) -> QuerySet[Session]:
    own = Membership.objects.filter(user=OuterRef("user"), active=True, organization__active=True).order_by()
    listed = own.values("user").annotate(ids=StringAgg(Cast("organization_id", CharField()), Value(","))).values("ids")
    found = Session.objects.select_related("user").order_by()
    known = found.annotate(unseen=unseen_of("user__key"), companies=Subquery(listed))
    return known.filter(session_key=key, expire_date__gt=now)


_SESSION = CompiledQuery(_with_person)


def still_signed_in(keys: Collection[str]) -> dict[str, User]:
    """Returns, by session key, the persons of those of these sessions that a page would still answer to. One query.

    What `SessionLifetimeMiddleware` and `SecondFactorMiddleware` ask of a request, asked of many sessions at once.
    """
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now()).select_related("user")
    found, store = {}, SessionStore()
    for row in rows:
        person, data = row.user, store.decode(row.session_data)
        if person is None or not person.active or is_over(data, staff=not person.is_client):
            continue
        if must_have_factor(person) and not person.two_factor:
            continue
        if constant_time_compare(data.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash()):
            found[row.session_key] = person
    return found
