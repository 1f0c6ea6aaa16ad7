"""The priority of a ticket that its author opened by mail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods

from calypso.accounts.access import Viewer
from calypso.base.errors import Conflict, Invalid
from calypso.portal.decorators import for_clients
from calypso.portal.forms import PriorityForm
from calypso.tickets.actions.prioritizing import declare_priority
from calypso.tickets.priorities import Priority, needs_context
from calypso.tickets.queries.rows import seen_ticket
from calypso.ui.forms import form_key
from calypso.ui.htmx import render


@require_http_methods(["GET", "HEAD", "POST"])
@for_clients
def priority(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Asks for the priority, once; a ticket that has one shows its page."""
    ticket, ticket_url = seen_ticket(viewer, reference), resolve_url("portal:ticket", reference)
    form, key, status = PriorityForm(), form_key(request), 200
    if request.method == "POST":
        form = PriorityForm(request.POST)
        try:
            given, context = form.accepted().text("priority"), form.text("context")
            declare_priority(viewer, ticket=ticket, priority=given, context=context, form_key=key)
            return redirect(f"{ticket_url}?fait=priorite-precisee")
        except Invalid as refusal:
            form, status = form.refuse(refusal), 422
        except Conflict:
            return redirect(f"{ticket_url}?fait=lien-depasse")
    if not ticket.priority_asked:
        return redirect(ticket_url)
    priorities = [(one, needs_context(one)) for one in Priority]
    shown = {"ticket": ticket, "form": form, "form_key": key, "priorities": priorities}
    return render(request, "portal/priority.html", shown, status=status)
