"""The team's dashboard: the figures of a period, filtered like the queue, and their workbook."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from calypso.accounts.access import Viewer
from calypso.base import journal
from calypso.base.chosen import chosen
from calypso.base.i18n import gettext as _
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.questions import filters_of
from calypso.reporting.dashboard import GROUPS_SHOWN, dashboard
from calypso.reporting.workbook import dashboard_sheets
from calypso.teamwork.queries.queue_filters import queue_choices
from calypso.ui.charts import flow_chart
from calypso.ui.downloads import workbook
from calypso.ui.periods import asked_period


@require_safe
@for_staff
def figures(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows the figures of a period; an invalid period is reported, and the default one is shown."""
    period_request, filters = asked_period(request.GET), filters_of(request.GET)
    board = dashboard(viewer, period_request.period, filters, GROUPS_SHOWN)
    scope_filters = {
        "projet": filters.project,
        "societe": filters.organization,
        "phase": filters.phase,
        "intervenant": filters.assignee,
    }
    scope_query = urlencode({name: value for name, value in scope_filters.items() if value})
    context = {
        "nav": "dashboard",
        "asked": period_request,
        "board": board,
        "chart": flow_chart(board.parts),
        "filters": filters,
        "choices": queue_choices(viewer, filters),
        "scope": f"&{scope_query}" if scope_query else "",
        "tables": [
            (_("Par projet"), _("Projet"), board.projects, "projet"),
            (_("Par société"), _("Société"), board.organizations, "societe"),
            (_("Par intervenant"), _("Intervenant"), board.assignees, "intervenant"),
        ],
    }
    return desk_page(request, viewer, "dashboard", context, status=period_request.status)


@require_safe
@for_staff
def export(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Returns the same figures as a workbook (R60, R131)."""
    board = dashboard(viewer, asked_period(request.GET).period, filters_of(request.GET))
    journal.record("figures.exported", actor=viewer.key, first=str(board.period.first), last=str(board.period.last))
    return workbook("tableau-de-bord.xlsx", *dashboard_sheets(board, vendor=chosen("VENDOR_NAME")))
