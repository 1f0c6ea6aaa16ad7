"""The queue: every ticket to work on, filtered, sorted, paginated; its saved views."""

from collections import Counter
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST, require_safe

from calypso.accounts.access import Viewer
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext
from calypso.base.text import QUESTION_MAX
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import ViewForm
from calypso.desk.questions import filters_of, question_of
from calypso.sla.due import due_of
from calypso.teamwork.actions.saved_views import remove_view, save_view
from calypso.teamwork.queries.board import board
from calypso.teamwork.queries.first_steps import starts
from calypso.teamwork.queries.links import get_issue
from calypso.teamwork.queries.queue import QUIET_DAYS, QueueFilters, queue_author, queue_page
from calypso.teamwork.queries.queue_filters import queue_choices
from calypso.tickets.priorities import PRIORITIES
from calypso.tickets.queries.figures import FIGURES
from calypso.tickets.workflow import OPEN_STATES, STATES, State
from calypso.ui.forms import page_number


@require_safe
@for_staff
def queue(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows the tickets that the URL filters; without filters, all the open ones."""
    return _page(request, viewer)


@require_safe
@for_staff
def as_board(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows the open ones as columns by state; each `suite` of the URL asks more cards of a state.

    Closed tickets have no column: who asks for them alone is led to the list.
    """
    filters, orders = filters_of(request.GET), request.GET.getlist("suite")
    if set(filters.states) == {State.CLOSED}:
        return redirect(f"{resolve_url('desk:queue')}?{question_of(request.GET)}")
    context = {
        **_shared_context(viewer, request.GET, filters),
        "state_choices": [(state.value, gettext(STATES[state].short)) for state in STATES if state in OPEN_STATES],
        "columns": board(viewer, filters, Counter(orders)),
        "ordered": "".join(f"suite={state}&" for state in orders if state in OPEN_STATES),
    }
    return desk_page(request, viewer, "board", context, parts=("file",))


def _page(request: HttpRequest, viewer: Viewer, form: ViewForm | None = None) -> HttpResponse:
    query = request.GET if form is None else QueryDict(form.text("query"))
    filters = filters_of(query)
    page = queue_page(viewer, filters, query.get("tri", ""), page_number(request))
    context = {
        **_shared_context(viewer, query, filters),
        "queue": page,
        "counts": page.counts,
        "view_form": form or ViewForm(),
        "starts": not page.page.total and starts(viewer),
    }
    return desk_page(request, viewer, "queue", context, parts=("file",), status=422 if form else 200)


def _shared_context(viewer: Viewer, query: QueryDict, filters: QueueFilters) -> dict[str, Any]:
    """Returns the context that list and board share: the URL's query, and the choices of its filters."""
    query_string = question_of(query)
    filter_query = QueryDict(query_string, mutable=True)
    filter_query.pop("tri", None)
    return {
        "nav": "queue",
        "due_of": due_of,
        "filters": filters,
        "sort": query.get("tri", ""),
        "choices": queue_choices(viewer, filters),
        "author": queue_author(viewer, filters.author),
        "figures": FIGURES,
        "issue": get_issue(viewer, filters.issue),
        "state_choices": [(state.value, gettext(facts.short)) for state, facts in STATES.items()],
        "priority_choices": [(priority.value, gettext(priority.label)) for priority in PRIORITIES],
        "without_filter": _without_filter(query_string),
        "quiet_days": QUIET_DAYS,
        "extra": f"&{filter_query.urlencode()}" if filter_query else "",
        "question": query_string,
        "filtered": bool(filter_query),
    }


def _without_filter(query_string: str) -> dict[str, str]:
    """Returns, by the name of each filter, the same question without it; nothing for one that no page of ours asks."""
    pairs = parse_qsl(query_string) if len(query_string) <= QUESTION_MAX else []
    return {left: urlencode([pair for pair in pairs if pair[0] != left]) for left, _value in pairs}


@require_POST
@for_staff
def keep(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Saves the filters and the sort of the queue as a saved view."""
    form = ViewForm(request.POST)
    try:
        form.accepted()
        view = save_view(
            viewer, name=form.text("name"), query=question_of(QueryDict(form.text("query"))), shared=form.flag("shared")
        )
    except Invalid as refusal:
        return _page(request, viewer, form.refuse(refusal))
    return redirect(f"{resolve_url('desk:queue')}?{view.query}&fait=vue")


@require_POST
@for_staff
def forget(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Removes a saved view."""
    remove_view(viewer, key=key)
    return redirect(resolve_url("desk:queue") + "?fait=vue-retiree")
