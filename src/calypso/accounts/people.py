"""The session of a browser, read with its person: what their bell says, the companies of a contact. One query."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import CharField, OuterRef, QuerySet, StringAgg, Subquery, Value
from django.db.models.functions import Cast
from django.utils.crypto import constant_time_compare

from calypso.accounts.access import must_have_factor
from calypso.accounts.models import Membership, Session, User
from calypso.accounts.sessions import SessionStore, is_over
from calypso.base import clock
from calypso.internals.compiled_query import CompiledQuery
from calypso.outbox.queries import unseen_of


def session_with_person(key: str) -> Session | None:
    """The session of that key while it lasts, its person knowing what every page asks about them."""
    row: Session | None = _ASKED.first(key, clock.now())
    if row is not None and row.user is not None:
        person, ids = row.user, row.companies or ""  # type: ignore[attr-defined]  # both are annotations
        person.unseen = row.unseen  # type: ignore[attr-defined]
        own = frozenset(int(one) for one in ids.split(",") if one) if person.is_client else frozenset()
        person.__dict__["organization_ids"] = own  # what the cached property would ask again
    return row


def still_signed_in(keys: Collection[str]) -> dict[str, User]:
    """By session, the persons of those of these sessions that a page would still answer to. One query.

    What `SessionLifetimeMiddleware` and `SecondFactorMiddleware` ask of a request, asked of many at once.
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


def _with_person(key: str, now: datetime) -> QuerySet[Session]:
    own = Membership.objects.filter(user=OuterRef("user"), active=True, organization__active=True).order_by()
    listed = own.values("user").annotate(ids=StringAgg(Cast("organization_id", CharField()), Value(","))).values("ids")
    found = Session.objects.select_related("user").order_by()
    known = found.annotate(unseen=unseen_of("user__key"), companies=Subquery(listed))
    return known.filter(session_key=key, expire_date__gt=now)


_ASKED = CompiledQuery(_with_person)
