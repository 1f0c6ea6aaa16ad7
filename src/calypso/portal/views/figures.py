"""The dashboard of the projects that a client manages, its workbook, and the tickets behind a figure."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from calypso.accounts.access import Viewer
from calypso.base.chosen import chosen
from calypso.base.i18n import gettext as _
from calypso.portal.decorators import for_clients
from calypso.portal.forms import FiguresForm
from calypso.reporting.dashboard import GROUPS_SHOWN, dashboard, measured_page
from calypso.reporting.workbook import dashboard_sheets
from calypso.teamwork.queries.queue import QueueFilters
from calypso.tickets.queries.figures import FIGURES, Figure
from calypso.ui.charts import flow_chart
from calypso.ui.downloads import workbook
from calypso.ui.forms import page_number
from calypso.ui.htmx import render
from calypso.ui.periods import asked_period


def _filters(query: QueryDict) -> QueueFilters:
    form = FiguresForm(query)
    return QueueFilters(
        organization=form.text("societe"),
        project=form.text("projet"),
        states=tuple(state for state in form.several("etat") if state),
        figure=form.text("figure"),
        since=form.text("du"),
        until=form.text("au"),
    )


@require_safe
@for_clients
def figures(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows the figures of a period; an invalid period is reported, and the default one is shown."""
    period_request, filters = asked_period(request.GET), _filters(request.GET)
    board = dashboard(viewer, period_request.period, filters, GROUPS_SHOWN)
    scope_filters = {"projet": filters.project, "societe": filters.organization}
    scope_query = urlencode({name: value for name, value in scope_filters.items() if value})
    several = board.organizations.total > 1
    context = {
        "nav": "figures",
        "asked": period_request,
        "board": board,
        "chart": flow_chart(board.parts),
        "scope": f"&{scope_query}" if scope_query else "",
        "tables": [
            (_("Par projet"), _("Projet"), board.projects, "projet"),
            (_("Par société"), _("Société"), board.organizations if several else None, "societe"),
        ],
    }
    return render(request, "portal/figures.html", context, status=period_request.status)


@require_safe
@for_clients
def export(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Returns the same figures as a workbook (R60)."""
    board = dashboard(viewer, asked_period(request.GET).period, _filters(request.GET))
    return workbook("tableau-de-bord.xlsx", *dashboard_sheets(board, vendor=chosen("VENDOR_NAME")))


@require_safe
@for_clients
def measured(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the tickets that a figure counts; without a figure, the open ones."""
    filters = _filters(request.GET)
    page = measured_page(viewer, filters, request.GET.get("tri", ""), page_number(request))
    filter_query = QueryDict(mutable=True)
    for name in FiguresForm.base_fields:
        filter_query.setlist(name, [value for value in request.GET.getlist(name) if value])
    context = {
        "nav": "figures",
        "measured": page,
        "period": asked_period(request.GET).period,
        "title": FIGURES[Figure(filters.figure)] if filters.figure else "",
        "extra": f"&{filter_query.urlencode()}" if filter_query.urlencode() else "",
    }
    return render(request, "portal/measured.html", context, parts=("mesures",))
