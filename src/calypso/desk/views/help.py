"""The help page of the desk: keyboard shortcuts, and what clients can read of the team's work."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from calypso.accounts.access import Viewer
from calypso.desk.decorators import desk_page, for_staff
from calypso.tickets.workflow import STATES


@require_safe
@for_staff
def help_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows the help of the desk."""
    return desk_page(request, viewer, "help", {"nav": "help", "states": STATES})
