"""The client's lists: projects, the sections of one project, its closed tickets, the viewer's own tickets."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from calypso.acceptance.pending import pending_requests
from calypso.accounts.access import Viewer
from calypso.base.chosen import chosen
from calypso.base.reply_addresses import named_address
from calypso.portal.decorators import for_clients
from calypso.projects.access import may_manage_viewers
from calypso.projects.visible import VisibleProject
from calypso.search.closed_tickets import closed_page
from calypso.sla.figures import side_days
from calypso.tickets.access import may_open
from calypso.tickets.queries import lists
from calypso.tickets.queries.sections import section_page, sections_page
from calypso.ui.forms import page_number
from calypso.ui.htmx import render


@require_safe
@for_clients
def projects(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the viewer's current projects: the home page of the portal (S26–S37)."""
    context = {"nav": "projects", "list": lists.projects_page(viewer, request.GET.get("tri", ""), page_number(request))}
    return render(request, "portal/projects.html", context, parts=("liste-projets",))


@require_safe
@for_clients
def project(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows the tickets of one project, in five sections (S38–S51)."""
    visible = VisibleProject(viewer, key)
    project, sections = visible.project, sections_page(visible)
    sort, page = request.GET.get("tri", ""), page_number(request)
    context = {
        "nav": "projects",
        "project": project,
        "sections": sections,
        "closed": closed_page(visible, "", sort, page, sections.closed_count),
        "side_days": side_days(viewer, project) if chosen("CLIENT_TIMES") else None,
        "pending": pending_requests(visible),
        "may_manage": may_manage_viewers(viewer, project),
        "may_open": may_open(viewer, project),
        "mail_address": named_address(project.mail_name),
    }
    return render(request, "portal/project.html", context, parts=("tickets-du-projet", "tickets-clos"))


@require_safe
@for_clients
def section(request: HttpRequest, viewer: Viewer, key: str, name: str) -> HttpResponse:
    """Lists all the tickets of one open section of a project."""
    visible = VisibleProject(viewer, key)
    kind, page = section_page(visible, name, page_number(request))
    context = {"nav": "projects", "project": visible.project, "kind": kind, "page": page}
    return render(request, "portal/section.html", context, parts=("section",))


@require_safe
@for_clients
def closed(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Searches the closed tickets of a project (S88–S93)."""
    visible = VisibleProject(viewer, key)
    page = closed_page(visible, request.GET.get("q", ""), request.GET.get("tri", ""), page_number(request))
    context = {"nav": "projects", "project": visible.project, "closed": page}
    return render(request, "portal/closed.html", context, parts=("resultats",))


@require_safe
@for_clients
def my_tickets(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the tickets that the viewer created, in all projects (S70, S71)."""
    page = lists.my_tickets_page(viewer, request.GET.get("etat", ""), request.GET.get("tri", ""), page_number(request))
    return render(request, "portal/my_tickets.html", {"nav": "mine", "mine": page}, parts=("mes-tickets",))
