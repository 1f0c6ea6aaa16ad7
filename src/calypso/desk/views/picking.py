"""The choice of a person, a company or a project by typing, where a list would be too long."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from calypso.accounts.access import Viewer
from calypso.base.text import QUESTION_MAX
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.questions import question_of
from calypso.search.palette import find_clients
from calypso.ui.forms import WordsForm
from calypso.ui.htmx import render


@require_safe
@for_staff
def pick(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Offers what the words may mean, each as a link: to a new ticket, or to the queue `dans`, which it narrows.

    A script that asks while the words are typed gets the links alone.
    """
    words = WordsForm(request.GET).text("q")
    question = QueryDict(question_of(QueryDict(request.GET.get("dans", "")[:QUESTION_MAX])), mutable=True)
    for name in ("projet", "societe"):
        question.pop(name, None)
    context = {
        "nav": "new",
        "words": words,
        "found": find_clients(viewer, words),
        "narrows": "dans" in request.GET,
        "question": question.urlencode(),
    }
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return render(request, "desk/_picked.html", context)
    return desk_page(request, viewer, "pick", context)
