"""The forms of authentication."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

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


class WishesForm(Form):
    """How one wants to be told: `bell` lists the kinds that ring; a field for each kind says when its mail leaves."""

    bell = ListField()

    def __init__(self, kinds: Iterable[str], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields |= {kind: TextField() for kind in kinds}
