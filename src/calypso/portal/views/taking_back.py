"""Taking a closing or a return back, for both sides (decision 33)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.views.decorators.http import require_POST

from calypso.accounts.access import as_viewer
from calypso.tickets.actions.taking_back import take_back as take_step_back
from calypso.tickets.queries.rows import seen_ticket
from calypso.ui.next_url import go_to, own_path


@require_POST
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Takes the viewer's last act on the ticket back, and shows the ticket again where it was."""
    viewer = as_viewer(request.user)
    take_step_back(viewer, ticket=seen_ticket(viewer, reference))
    page = own_path(request.POST.get("retour", "")) or resolve_url("portal:ticket", reference)
    return go_to(f"{page}{'&' if '?' in page else '?'}fait=repris")
