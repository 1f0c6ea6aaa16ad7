"""Links between tickets and to known issues, edited from the page of a ticket."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from calypso.accounts.access import Viewer
from calypso.desk.decorators import for_staff
from calypso.desk.forms import IssueForm, LinkForm
from calypso.desk.views.ticket_acts import act_beside
from calypso.teamwork.actions import links
from calypso.tickets.access import SeenTicket


@require_POST
@for_staff
def link(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Links the ticket to another, or removes a link."""

    def perform(form: LinkForm, ticket: SeenTicket, _key: str) -> str:
        if form.text("unlink"):
            links.unlink(viewer, ticket=ticket, key=form.text("unlink"))
            return "delie"
        links.link(viewer, ticket=ticket, kind=form.text("link_kind"), reference=form.text("link_reference"))
        return "lie"

    return act_beside(request, viewer, reference, LinkForm, perform)


@require_POST
@for_staff
def issue(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Sets the known issue that the ticket comes from: an existing one, a new one, or none."""

    def perform(form: IssueForm, ticket: SeenTicket, _key: str) -> str:
        if form.flag("leave"):
            links.leave_issue(viewer, ticket=ticket)
        elif form.text("issue_title"):
            links.open_issue(viewer, ticket=ticket, title=form.text("issue_title"))
        else:
            links.join_issue(viewer, ticket=ticket, key=form.text("issue"))
        return "probleme"

    return act_beside(request, viewer, reference, IssueForm, perform)
