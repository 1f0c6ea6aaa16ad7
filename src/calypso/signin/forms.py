"""The forms of authentication."""

from django import forms

from calypso.ui.forms import Form, TextField


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
