"""The team's work on a ticket: who has it open, and the time spent."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from calypso.accounts.access import Viewer
from calypso.base.i18n import gettext as _
from calypso.desk.decorators import for_staff
from calypso.desk.forms import TimeForm
from calypso.desk.views.ticket_acts import act_beside
from calypso.teamwork.actions.presence import be_there, go_away
from calypso.teamwork.actions.time_entries import add_time, remove_time
from calypso.teamwork.queries.work import Other, others_there
from calypso.tickets.access import SeenTicket
from calypso.tickets.queries.rows import seen_ticket


@require_POST
@for_staff
def presence(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Records that the page is open (`ecrit`: being typed in; `parti`: closed).

    Returns who else has the ticket open, as text.
    """
    ticket = seen_ticket(viewer, reference)
    if request.POST.get("parti"):
        go_away(viewer, ticket=ticket)
        return HttpResponse(status=204)
    be_there(viewer, ticket=ticket, typing=bool(request.POST.get("ecrit")))
    text = " ".join(_sentence(colleague) for colleague in others_there(viewer, ticket))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _sentence(colleague: Other) -> str:
    sentence = _("%(name)s écrit sur ce ticket.") if colleague.typing else _("%(name)s a ce ticket sous les yeux.")
    return sentence % {"name": colleague.person.full_name}


@require_POST
@for_staff
def time(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Adds time spent, or removes the entry that a button names."""

    def perform(form: TimeForm, ticket: SeenTicket, _key: str) -> str:
        if form.text("spent_remove"):
            remove_time(viewer, ticket=ticket, key=form.text("spent_remove"))
        else:
            add_time(viewer, ticket=ticket, spent=form.text("spent"), note=form.text("spent_note"))
        return "temps"

    return act_beside(request, viewer, reference, TimeForm, perform)
