"""A client's lists as spreadsheets: the tickets of a project, and those that the person declared (R60, R131)."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from calypso.accounts.access import Viewer
from calypso.base import journal
from calypso.base.i18n import gettext as _
from calypso.base.sheets import Cell, Sheet
from calypso.portal.decorators import for_clients
from calypso.projects.visible import VisibleProject
from calypso.tickets.access import SeenTicket
from calypso.tickets.queries.lists import own_tickets_to_export, project_tickets_to_export
from calypso.ui.downloads import workbook


@require_safe
@for_clients
def own(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Returns the tickets that the viewer declared, in all projects."""
    return _export(viewer, own_tickets_to_export(viewer))


@require_safe
@for_clients
def project(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Returns the tickets of one project."""
    return _export(viewer, project_tickets_to_export(VisibleProject(viewer, key)))


def _export(viewer: Viewer, tickets: Iterable[SeenTicket]) -> HttpResponse:
    heads = [
        _("Référence"),
        _("Libellé"),
        _("Projet"),
        _("État"),
        _("Priorité"),
        _("Déclaré par"),
        _("Création"),
        _("Clôture"),
        _("Commentaires"),
        _("Dernier commentaire"),
    ]
    rows = [_cells(ticket) for ticket in tickets]
    journal.record("tickets.exported", actor=viewer.key, count=len(rows))
    return workbook("tickets.xlsx", Sheet(_("Tickets"), heads, rows))


def _cells(ticket: SeenTicket) -> tuple[Cell, ...]:
    return (
        ticket.reference,
        ticket.title,
        ticket.project.name,
        _(ticket.state_now.facts.short),
        _(ticket.priority_now.label),
        ticket.author.full_name,
        ticket.created_at,
        ticket.closed_at,
        ticket.comment_count,
        ticket.last_comment,
    )
