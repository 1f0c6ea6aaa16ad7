"""The to-do list of a ticket, edited from the ticket's page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from calypso.accounts.access import Viewer
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.desk.decorators import for_staff
from calypso.desk.forms import TodoForm
from calypso.desk.views.ticket_acts import act_beside
from calypso.teamwork.actions.todo import add_todo, drop_todo, set_done
from calypso.tickets.access import SeenTicket


@require_POST
@for_staff
def todo(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Adds a line, or performs the action of a button: `done:KEY`, `undone:KEY`, `drop:KEY`."""

    def perform(form: TodoForm, ticket: SeenTicket, _key: str) -> str:
        act, _colon, key = form.text("todo_act").partition(":")
        if act in ("done", "undone"):
            set_done(viewer, ticket=ticket, key=key, done=act == "done")
        elif act == "drop":
            drop_todo(viewer, ticket=ticket, key=key)
        elif act:
            raise Invalid({"todo": [_("Cette action n'existe pas.")]})
        else:
            add_todo(viewer, ticket=ticket, text=form.text("todo"))
        return "liste"

    return act_beside(request, viewer, reference, TodoForm, perform)
