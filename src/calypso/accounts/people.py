"""The session of a browser, read with its person: what their bell says, the companies of a contact. One query."""

from functools import cache

from django.db.models import CharField, OuterRef, QuerySet, StringAgg, Subquery, Value
from django.db.models.functions import Cast

from calypso.accounts.models import Membership, Session
from calypso.base import clock
from calypso.outbox.queries import unseen_of


def session_with_person(key: str) -> Session | None:
    """The session of that key while it lasts, its person knowing what every page asks about them."""
    row: Session | None = _with_person().filter(session_key=key, expire_date__gt=clock.now()).first()
    if row is not None and row.user is not None:
        person, ids = row.user, row.companies or ""  # type: ignore[attr-defined]  # both are annotations
        person.unseen = row.unseen  # type: ignore[attr-defined]
        own = frozenset(int(one) for one in ids.split(",") if one) if person.is_client else frozenset()
        person.__dict__["organization_ids"] = own  # what the cached property would ask again
    return row


@cache
def _with_person() -> QuerySet[Session]:
    """Built once: every request asks this, and building the question took half of its time."""
    own = Membership.objects.filter(user=OuterRef("user"), active=True, organization__active=True).order_by()
    listed = own.values("user").annotate(ids=StringAgg(Cast("organization_id", CharField()), Value(","))).values("ids")
    found = Session.objects.select_related("user").order_by()
    return found.annotate(unseen=unseen_of("user__key"), companies=Subquery(listed))
