"""The client's search, and the suggestions of the search field in the top bar.

The suggestions serve both clients and the team, each within their own visibility.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from calypso.accounts.access import Viewer, as_viewer
from calypso.portal.decorators import for_clients
from calypso.search.autocomplete import suggestions
from calypso.search.results import search_page
from calypso.ui.forms import WordsForm, page_number
from calypso.ui.htmx import render

OFFERED = 6  # tickets shown under the search field


@require_safe
@for_clients
def search(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the tickets that match a search."""
    page = search_page(viewer, WordsForm(request.GET).text("q"), page_number(request))
    context = {"nav": "search", "found": page, "offered": suggestions(viewer, "")}
    return render(request, "portal/search.html", context, parts=("trouves",))


@require_safe
def offer(request: HttpRequest) -> HttpResponse:
    """Returns completions of the search being typed, and the first tickets that match it."""
    viewer = as_viewer(request.user)
    text = WordsForm(request.GET).text("q")
    room = "portal" if viewer.is_client else "desk"
    context = {
        "offered": suggestions(viewer, text),
        "found": search_page(viewer, text, size=OFFERED),
        "room": room,
    }
    return render(request, "ui/suggestions.html", context)
