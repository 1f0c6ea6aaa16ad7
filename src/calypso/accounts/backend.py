"""Who signs in, by address and password. One answer and one duration for every failure (R21)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db.models import CharField, OuterRef, QuerySet, StringAgg, Subquery, Value
from django.db.models.functions import Cast
from django.http import HttpRequest

from calypso.accounts.emails import email_key
from calypso.accounts.models import Membership, User
from calypso.accounts.passwords import LONGEST
from calypso.internals.compiled_query import CompiledQuery
from calypso.outbox.queries import unseen_of


class AccountBackend(BaseBackend):
    """Django's authentication backend for our accounts."""

    def authenticate(self, request: HttpRequest | None, email: str = "", password: str = "", **_: Any) -> User | None:
        key = email_key(email)
        user = User.objects.filter(email_key=key).first() if key else None
        password = password[: LONGEST + 1]  # longer than any that was accepted, it is wrong all the same
        if user is None:
            make_password(password)  # as long as checking one
            return None
        return user if user.check_password(password) and user.active else None

    def get_user(self, user_id: Any) -> User | None:
        """Returns the active person of a session, with their bell and companies. One query."""
        person: User | None = _PERSON.first(int(user_id))
        if person is None or not person.active:
            return None
        person.unseen = person.bell  # type: ignore[attr-defined]  # an annotation, as the next one
        ids = person.companies or ""  # type: ignore[attr-defined]
        own = frozenset(int(one) for one in ids.split(",") if one) if person.is_client else frozenset()
        person.__dict__["organization_ids"] = own  # what the cached property would ask again
        return person


def _person(user_id: int) -> QuerySet[User]:
    own = Membership.objects.filter(user=OuterRef("pk"), active=True, organization__active=True).order_by()
    listed = own.values("user").annotate(ids=StringAgg(Cast("organization_id", CharField()), Value(","))).values("ids")
    return User.objects.annotate(bell=unseen_of("key"), companies=Subquery(listed)).filter(pk=user_id)


_PERSON = CompiledQuery(_person)
