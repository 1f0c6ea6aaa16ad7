"""The forms of authentication."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from django import forms

from calypso.ui.forms import Form, ListField, TextField


class LoginForm(Form):
    email = TextField()
    password = TextField()
    remember = forms.BooleanField(required=False)
    captcha = TextField()


class LinkForm(Form):
    email = TextField()
    captcha = TextField()


class ChooseForm(Form):
    password = TextField()
    confirmation = TextField()


class PasswordForm(Form):
    current = TextField()
    password = TextField()
    confirmation = TextField()


class ConfirmForm(Form):
    current = TextField()


class FactorForm(Form):
    token = TextField()
    code = TextField()
    answer = TextField()
    name = TextField()


class ProfileForm(Form):
    civility = TextField()
    first_name = TextField()
    last_name = TextField()
    locale = TextField()


class NotificationPreferencesForm(Form):
    """The preferences of a person for notifications.

    `bell` lists the kinds shown in the bell; a field for each kind says when its mail is sent.
    """

    bell = ListField()

    def __init__(
        self, kinds: Iterable[str], data: Mapping[str, Any] | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.kinds = list(kinds)
        self.fields |= {kind: TextField() for kind in self.kinds}

    def _holding(self, values: dict[str, Any]) -> Self:
        return type(self)(self.kinds, values)

    def wanted(self) -> tuple[dict[str, str], set[str]]:
        """Returns when the mail of each kind is sent, and the kinds shown in the bell."""
        mails = {kind: self.text(kind) for kind in self.kinds if self.text(kind)}
        return mails, set(self.several("bell"))
