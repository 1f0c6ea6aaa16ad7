"""The forms of the desk."""

from django import forms

from calypso.teamwork.actions.orders import MOST
from calypso.ui.forms import Form, ListField, TextField


class QueueForm(Form):
    societe = TextField()
    projet = TextField()
    etat = ListField()
    priorite = ListField()
    intervenant = TextField()
    chef = TextField()
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
    """One action on many tickets. `chosen` is `REFERENCE:version,…`; `act` is assign, step or retain."""

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


class ClientNoteForm(Form):
    note = TextField()


class VersionForm(Form):
    """An action on a ticket; `version` is the version of the ticket that its page showed."""

    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class WriteForm(VersionForm):
    """A message to the client or to the team, with files; `act` is a name that `dispatch.act` takes."""

    act = TextField()
    kind = TextField()
    body = TextField()
    mine = forms.BooleanField(required=False)  # takes the ticket, when nobody has it
    attachments = forms.Field(required=False)


class AssignForm(VersionForm):
    assignee = TextField()
    take = forms.BooleanField(required=False)


class PriorityForm(VersionForm):
    priority = TextField()
    reason = TextField()


class RDReferenceForm(VersionForm):
    rd_reference = TextField()
    rd_url = TextField()


class LinkForm(Form):
    link_kind = TextField()
    link_reference = TextField()
    unlink = TextField()


class IssueForm(Form):
    issue = TextField()
    issue_title = TextField()
    leave = forms.BooleanField(required=False)


class TodoForm(Form):
    """A line to add to the to-do list, or the action of a button: `done:KEY`, `undone:KEY`, `drop:KEY`."""

    todo = TextField()
    todo_act = TextField()


class TimeForm(Form):
    spent = TextField()
    spent_note = TextField()
    spent_remove = TextField()


class TicketPageForm(WriteForm, AssignForm, PriorityForm, RDReferenceForm, LinkForm, IssueForm, TodoForm, TimeForm):
    """All the forms of a ticket's page, which a browser posts together; shown again as they were typed."""

    reply = TextField()


class OrganizationForm(Form):
    name = TextField()
    active = forms.BooleanField(required=False)


class ContactForm(Form):
    email = TextField()
    civility = TextField()
    first_name = TextField()
    last_name = TextField()
    locale = TextField()
    phone = TextField()


class SortForm(Form):
    """Received mails, by key, and what is done with them."""

    mails = ListField()
    act = TextField()
    etat = TextField()
    q = TextField()
    page = TextField()


class RuleForm(Form):
    domain = TextField()


class AnswerForm(Form):
    answer = TextField()


class AttachForm(Form):
    reference = TextField()


class MoveForm(Form):
    destination = TextField()


class MergeForm(Form):
    """The merge of two accounts: the key of the other one, or words to find it."""

    other = TextField()
    q = TextField()


class SearchForm(Form):
    """The filters of a list of the desk."""

    q = TextField()
    phase = TextField()
    archives = TextField()


class MemberForm(ContactForm):
    roles = ListField()


class TeamForm(Form):
    """A team of the vendor: its name, the keys of its members."""

    name = TextField()
    members = ListField()
    mail_from = TextField()


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
    mail_name = TextField()


class BatchForm(Form):
    """An acceptance batch: `tickets` are references, in order; `act` is save, plan, unplan, publish or drop."""

    act = TextField()
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    name = TextField()
    note = TextField()
    tickets = ListField()
    publish_at = TextField()
