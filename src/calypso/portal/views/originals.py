"""The mail behind an entry of a ticket, whole: for its author and for the team (R97)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from calypso.accounts.access import as_viewer
from calypso.mailin.queries import original_of
from calypso.ui.frames import framed
from calypso.ui.htmx import render


@require_safe
def original(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Shows the whole text of the mail, with what it quotes and its signature."""
    viewer = as_viewer(request.user)
    return render(request, "portal/original.html", framed(viewer, {"mail": original_of(viewer, reference, key)}))
