"""The command palette: a full page, and a fragment with the results alone while the person types."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from calypso.accounts.access import Viewer
from calypso.desk.decorators import desk_page, for_staff
from calypso.search.palette import find
from calypso.ui.forms import WordsForm


@require_safe
@for_staff
def palette(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows what matches the typed words."""
    words = WordsForm(request.GET).text("q")
    context = {"nav": "palette", "words": words, "found": find(viewer, words)}
    return desk_page(request, viewer, "palette", context, parts=("trouve",))
