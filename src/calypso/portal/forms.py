"""The forms of the portal."""

from django import forms

from calypso.ui.forms import Form, ListField, TextField


class ComposerForm(Form):
    act = TextField()
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    body = TextField()
    confirmed = forms.BooleanField(required=False)
    attachments = forms.Field(required=False)


class RightsForm(Form):
    viewers = ListField()
    seen = ListField()
    add = ListField()
    remove = TextField()
    save = TextField()
    open_to_all = forms.BooleanField(required=False)


class FiguresForm(Form):
    """Filters for the figures of a client's projects, and for the list of the tickets behind a figure."""

    projet = TextField()
    societe = TextField()
    etat = ListField()
    figure = TextField()
    du = TextField()
    au = TextField()


class PriorityForm(Form):
    priority = TextField()
    context = TextField()


class FollowingForm(Form):
    following = TextField()


class RatingForm(Form):
    answer = TextField()
