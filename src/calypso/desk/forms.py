"""The forms of the desk."""

from django import forms

from calypso.teamwork.actions.bulk import MOST
from calypso.ui.forms import Form, ListField, TextField


class QueueForm(Form):
    societe = TextField()
    projet = TextField()
    etat = ListField()
    priorite = ListField()
    intervenant = TextField()
    equipe = TextField()
    phase = TextField()
    auteur = TextField()
    calme = TextField()
    echeance = TextField()
    lot = TextField()
    probleme = TextField()
    figure = TextField()
    du = TextField()
    au = TextField()
    q = TextField()


class BulkForm(Form):
    """An order for many tickets. `chosen` is `REFERENCE:version,…`; `act` is assign, step or retain."""

    act = TextField()
    chosen = TextField(max_length=MOST * 20)
    assignee = TextField()
    step = TextField()
    body = TextField()
    priority = TextField()
    reason = TextField()


class ReplyForm(Form):
    name = TextField()
    body = TextField()
    shared = forms.BooleanField(required=False)


class ViewForm(Form):
    name = TextField()
    query = TextField()
    shared = forms.BooleanField(required=False)


class TicketForm(Form):
    """The one form of a ticket's page: whichever button is pressed, what is being written comes along."""

    act = TextField()
    kind = TextField()
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    body = TextField()
    attachments = forms.Field(required=False)
    assignee = TextField()
    take = forms.BooleanField(required=False)
    priority = TextField()
    reason = TextField()
    rd_reference = TextField()
    rd_url = TextField()
    link_kind = TextField()
    link_reference = TextField()
    unlink = TextField()
    issue = TextField()
    issue_title = TextField()
    leave = forms.BooleanField(required=False)
    todo = TextField()
    todo_act = TextField()
    spent = TextField()
    spent_note = TextField()
    spent_remove = TextField()
    reply = TextField()
    insert = forms.BooleanField(required=False)


class OpeningForm(Form):
    project = TextField()
    author = TextField()
    title = TextField()
    description = TextField()
    page_url = TextField()
    priority = TextField()
    context = TextField()
    follower = TextField()
    attachments = forms.Field(required=False)


class OrganizationForm(Form):
    name = TextField()
    active = forms.BooleanField(required=False)


class ContactForm(Form):
    email = TextField()
    civility = TextField()
    first_name = TextField()
    last_name = TextField()
    locale = TextField()


class MoveForm(Form):
    destination = TextField()


class MergeForm(Form):
    """The union of two accounts: the other one's key, or words that find it."""

    other = TextField()
    q = TextField()


class SearchForm(Form):
    """What narrows a list of the desk."""

    q = TextField()
    phase = TextField()
    archives = TextField()


class MemberForm(ContactForm):
    roles = ListField()


class TeamForm(Form):
    """A team of the vendor: its name, the keys of its members."""

    name = TextField()
    members = ListField()


class ProjectForm(Form):
    name = TextField()
    event_date = forms.DateField(required=False)
    client_manager = TextField()
    vendor_manager = TextField()
    setup_agent = TextField()
    support = TextField()
    by_batch = forms.BooleanField(required=False)
    asks_satisfaction = forms.BooleanField(required=False)
    remind_days = forms.IntegerField(required=False, min_value=0, max_value=10_000)


class BatchForm(Form):
    """A batch: the tickets are references, in their order; `act` is save, plan, unplan, publish or drop."""

    act = TextField()
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    name = TextField()
    note = TextField()
    tickets = ListField()
    publish_at = TextField()


class PhaseForm(Form):
    """A change of phase: `act` is propose, agree, refuse or withdraw; the tickets' choices come beside."""

    act = TextField()
    seen = TextField()
    note = TextField()
    reason = TextField()
