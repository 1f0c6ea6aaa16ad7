"""How one wants to hear of a ticket, for clients and the team alike: the right hangs on the viewer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from calypso.accounts.access import as_viewer
from calypso.portal.forms import WatchForm
from calypso.tickets.actions.following import watch as keep_watch
from calypso.tickets.queries.rows import seen_ticket


@require_POST
def watch(request: HttpRequest, reference: str) -> HttpResponse:
    """Follows the ticket, mutes it, or neither."""
    viewer = as_viewer(request.user)
    seen = seen_ticket(viewer, reference)
    keep_watch(viewer, ticket=seen, wish=WatchForm(request.POST).text("wish"))
    return redirect("portal:ticket" if viewer.is_client else "desk:ticket", reference)
