"""Who signs in, by address and password. One answer and one duration for every failure (R21)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from calypso.accounts.emails import email_key
from calypso.accounts.models import User
from calypso.accounts.passwords import LONGEST
from calypso.accounts.session_store import take_person


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
        """The active person of a session: the one that came with it, else asked for alone."""
        person: User | None = take_person(user_id) or User.objects.filter(pk=user_id).first()
        return person if person is not None and person.active else None
