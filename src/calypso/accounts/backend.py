"""Authentication by address and password, with the same answer and duration for every failure (R21)."""

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
    """The authentication backend of Django for these accounts."""

    def authenticate(self, request: HttpRequest | None, email: str = "", password: str = "", **_: Any) -> User | None:
        key = email_key(email)
        user = User.objects.filter(email_key=key).first() if key else None
        password = password[: LONGEST + 1]  # bounds the hashing: no longer password was ever accepted
        if user is None:
            make_password(password)  # takes as long as checking a password
            return None
        return user if user.check_password(password) and user.active else None

    def get_user(self, user_id: Any) -> User | None:
        """Returns the active person of a session, with their unseen notifications and companies. One query."""
        person: User | None = _PERSON.first(int(user_id))
        if person is None or not person.active:
            return None
        person.unseen = person.bell  # type: ignore[attr-defined]  # an annotation, as is `companies`
        ids = person.companies or ""  # type: ignore[attr-defined]
        organization_ids = (
            frozenset(int(organization_id) for organization_id in ids.split(",") if organization_id)
            if person.is_client
            else frozenset()
        )
        person.__dict__["organization_ids"] = organization_ids  # fills the cached property, which would query again
        return person


def _person(user_id: int) -> QuerySet[User]:
    memberships = Membership.objects.filter(user=OuterRef("pk"), active=True, organization__active=True).order_by()
    organization_ids = (
        memberships.values("user")
        .annotate(ids=StringAgg(Cast("organization_id", CharField()), Value(",")))
        .values("ids")
    )
    return User.objects.annotate(bell=unseen_of("key"), companies=Subquery(organization_ids)).filter(pk=user_id)


_PERSON = CompiledQuery(_person)
