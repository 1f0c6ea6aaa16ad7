"""The forms that portal and desk share."""

from django import forms

from calypso.ui.forms import Form, TextField


class OpeningForm(Form):
    """A new ticket; `author` is the client for whom a team member opens it."""

    project = TextField()
    author = TextField()
    title = TextField()
    description = TextField()
    page_url = TextField()
    priority = TextField()
    context = TextField()
    follower = TextField()
    attachments = forms.Field(required=False)


class PhaseForm(Form):
    """A change of phase: `act` is propose, agree, refuse or withdraw; `seen` the proposal that the page showed."""

    act = TextField()
    seen = TextField()
    note = TextField()
    reason = TextField()
