"""The queue: every ticket to work on, filtered, sorted, paged."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from calypso.accounts.access import Viewer
from calypso.desk.doors import desk_page, for_staff
from calypso.desk.forms import QueueForm
from calypso.tickets.priorities import PRIORITIES
from calypso.tickets.queries.desk import QueueFilters, queue_choices, queue_page
from calypso.tickets.workflow import STATES
from calypso.ui.forms import page_number


@require_safe
@for_staff
def queue(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The tickets that the address asks for; without filters, all the open ones."""
    form = QueueForm(request.GET)
    filters = QueueFilters(
        organization=form.text("societe"),
        project=form.text("projet"),
        states=tuple(state for state in request.GET.getlist("etat") if state),
        priorities=tuple(priority for priority in request.GET.getlist("priorite") if priority),
        assignee=form.text("intervenant"),
        words=form.text("q"),
    )
    found = queue_page(viewer, filters, request.GET.get("tri", ""), page_number(request))
    kept = [(name, value) for name in form.fields for value in request.GET.getlist(name) if value]
    context = {
        "nav": "queue",
        "queue": found,
        "filters": filters,
        "choices": queue_choices(viewer),
        "states": STATES,
        "priorities": PRIORITIES,
        "counts": found.counts,
        "extra": "".join(f"&{urlencode([pair])}" for pair in kept),
        "filtered": bool(kept),
    }
    return desk_page(request, viewer, "queue", context, parts=("file",))
