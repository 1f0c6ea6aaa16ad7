"""The session of a browser, read with its person: what their bell says, the companies of a contact. One query."""

from django.db.models import CharField, OuterRef, StringAgg, Subquery, Value
from django.db.models.functions import Cast

from calypso.accounts.models import Membership, Session
from calypso.base import clock
from calypso.outbox.queries import unseen_of


def session_with_person(key: str) -> Session | None:
    """The session of that key while it lasts, its person knowing what every page asks about them."""
    own = Membership.objects.filter(user=OuterRef("user"), active=True, organization__active=True).order_by()
    listed = own.values("user").annotate(ids=StringAgg(Cast("organization_id", CharField()), Value(","))).values("ids")
    row = (
        Session.objects.filter(session_key=key, expire_date__gt=clock.now())
        .select_related("user")
        .annotate(unseen=unseen_of("user__key"), companies=Subquery(listed))
        .first()
    )
    if row is not None and row.user is not None:
        person, ids = row.user, row.companies or ""
        person.unseen = row.unseen
        own_ids = frozenset(int(one) for one in ids.split(",") if one) if person.is_client else frozenset()
        person.__dict__["organization_ids"] = own_ids  # what the cached property would ask again
    return row
