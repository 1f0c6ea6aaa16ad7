"""The actions beside the composer of a ticket.

Each has its own form, and leaves the text that is being written in the composer there, unsent (R68).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from calypso.accounts.access import Viewer
from calypso.accounts.queries import get_person
from calypso.base.errors import Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.composer.submit import COMMENT, key_beside, submit
from calypso.desk.decorators import for_staff
from calypso.desk.forms import AssignForm, PriorityForm, RDReferenceForm, TicketPageForm, VersionForm
from calypso.desk.views.ticket import back_to, keep_others, show, with_reply
from calypso.teamwork.actions.rd_reference import refer
from calypso.tickets.access import SeenTicket
from calypso.tickets.actions.steps import assign, retain_priority, withdraw
from calypso.tickets.priorities import Priority
from calypso.tickets.queries.rows import seen_ticket
from calypso.ui.forms import Form

ROW_BUTTONS = ("unlink", "leave", "todo_act", "spent_remove")


def act_beside[F: Form](
    request: HttpRequest, viewer: Viewer, reference: str, form: type[F], act: Callable[[F, SeenTicket, str], str]
) -> HttpResponse:
    """Calls `act(form, ticket, form_key)`, which returns the key of a toast; a refusal shows the ticket again.

    What is typed in the other forms of the page is saved as a draft, without the fields of `form`, which the act used.
    The button of a row used none of them.
    """
    ticket = seen_ticket(viewer, reference)
    submission = submit(
        request,
        viewer,
        TicketPageForm(request.POST),
        purpose=COMMENT,
        perform=lambda _page, key: act(form(request.POST).accepted(), ticket, key),
        rework=lambda page: with_reply(request, page, viewer, ticket),
    )
    if not submission.done:
        return show(request, viewer, reference, submission)
    used = [] if any(request.POST.get(name) for name in ROW_BUTTONS) else form.base_fields
    draft = keep_others(request, viewer, reference, used, submission.key)
    return back_to(request, reference, submission.done, draft)


@require_POST
@for_staff
def assign_ticket(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Assigns the ticket to a member of the team, or to the viewer."""

    def act(form: AssignForm, ticket: SeenTicket, key: str) -> str:
        version = form.number("version")
        try:
            assignee = viewer if form.flag("take") else get_person(viewer, form.text("assignee"))
        except NotVisible:
            raise Invalid({"assignee": [_("Choisissez un intervenant de la liste.")]}) from None
        act_key = key_beside(key, "assign", version)
        assign(viewer, ticket=ticket, assignee=assignee, seen_version=version, form_key=act_key)
        return "affecte"

    return act_beside(request, viewer, reference, AssignForm, act)


@require_POST
@for_staff
def retain(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Sets a priority other than the declared one, with a reason that the client sees."""

    def act(form: PriorityForm, ticket: SeenTicket, key: str) -> str:
        if form.text("priority") not in list(Priority):
            raise Invalid({"priority": [_("Choisissez une priorité.")]})
        version = form.number("version")
        retain_priority(
            viewer,
            ticket=ticket,
            priority=Priority(form.text("priority")),
            reason=form.text("reason"),
            seen_version=version,
            form_key=key_beside(key, "retain", version),
        )
        return "priorite"

    return act_beside(request, viewer, reference, PriorityForm, act)


@require_POST
@for_staff
def refer_to_rd(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Sets the R&D reference of the ticket."""

    def act(form: RDReferenceForm, ticket: SeenTicket, key: str) -> str:
        version = form.number("version")
        refer(
            viewer,
            ticket=ticket,
            reference=form.text("rd_reference"),
            url=form.text("rd_url"),
            seen_version=version,
            form_key=key_beside(key, "refer", version),
        )
        return "rd"

    return act_beside(request, viewer, reference, RDReferenceForm, act)


@require_POST
@for_staff
def withdraw_ticket(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Withdraws the ticket from those to publish."""

    def act(form: VersionForm, ticket: SeenTicket, key: str) -> str:
        version = form.number("version")
        withdraw(viewer, ticket=ticket, seen_version=version, form_key=key_beside(key, "withdraw", version))
        return "retire"

    return act_beside(request, viewer, reference, VersionForm, act)
