"""The team's search."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from calypso.accounts.access import Viewer
from calypso.desk.decorators import desk_page, for_staff
from calypso.search.autocomplete import suggestions
from calypso.search.results import search_page
from calypso.ui.forms import WordsForm, page_number


@require_safe
@for_staff
def search(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the tickets that match a search."""
    page = search_page(viewer, WordsForm(request.GET).text("q"), page_number(request))
    context = {"nav": "search", "found": page, "offered": suggestions(viewer, "")}
    return desk_page(request, viewer, "search", context, parts=("trouves",))
