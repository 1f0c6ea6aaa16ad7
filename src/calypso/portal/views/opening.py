"""The form « Créer un ticket » (S59–S69)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from calypso.accounts.access import Viewer
from calypso.base.errors import NotVisible
from calypso.composer.forms import OpeningForm
from calypso.composer.opening import opening_context, submit_opening
from calypso.composer.submit import Submission
from calypso.portal.decorators import for_clients
from calypso.projects.access import SeenProject
from calypso.projects.queries import current_projects, viewers
from calypso.projects.visible import VisibleProject
from calypso.search.nearby import nearby
from calypso.tickets.queries.drafts import get_draft
from calypso.ui.forms import resumed_key
from calypso.ui.htmx import render


@require_http_methods(["GET", "HEAD", "POST"])
@for_clients
def in_project(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Creates a ticket from a project's page: the project is fixed (S60)."""
    return _opening(request, viewer, VisibleProject(viewer, key).project, project_fixed=True)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clients
def anywhere(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Creates a ticket from the viewer's own tickets: the project is chosen, its company in brackets (S69)."""
    draft_fields = get_draft(viewer, resumed_key(request))[0] if request.method != "POST" else {}
    try:
        project = VisibleProject(viewer, request.POST.get("project") or draft_fields.get("project", "")).project
    except NotVisible:
        project = None  # not chosen yet, or not visible: treated as one that does not exist (R4)
    if project is None and request.method != "POST":
        project = _only_project(viewer)
    return _opening(request, viewer, project, project_fixed=False)


def _only_project(viewer: Viewer) -> SeenProject | None:
    """Returns the project of a client who has but one: there is nothing to choose."""
    projects = list(current_projects(viewer)[:2])
    return projects[0] if len(projects) == 1 else None


def _opening(request: HttpRequest, viewer: Viewer, project: SeenProject | None, *, project_fixed: bool) -> HttpResponse:
    if request.method != "POST":
        return _page(request, viewer, project, project_fixed=project_fixed)
    submission = submit_opening(request, viewer, project)
    if submission.done:
        return redirect(resolve_url("portal:ticket", submission.done) + "?fait=cree")
    return _page(request, viewer, project, submission, project_fixed=project_fixed)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    project: SeenProject | None,
    submission: Submission[OpeningForm] | None = None,
    *,
    project_fixed: bool,
) -> HttpResponse:
    """Renders the form, with the people, other than its author, who may be informed of the ticket."""
    people = [person for person in viewers(viewer, project) if person != viewer] if project else []
    context = opening_context(request, viewer, project, submission) | {
        "nav": "projects" if project_fixed else "mine",
        "given": project_fixed,
        "projects": [] if project_fixed else current_projects(viewer),
        "people": [(person.key, person.full_name) for person in people],
    }
    return render(
        request, "portal/opening.html", context, parts=("suivi",), status=submission.status if submission else 200
    )


@require_safe
@for_clients
def nearby_tickets(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Lists the tickets that the one being written may duplicate."""
    project, param = VisibleProject(viewer, key).project, request.GET.get
    rows = nearby(viewer, project=project, title=param("title", ""), page_url=param("page_url", ""))
    return render(request, "ui/nearby.html", {"rows": rows, "route": "portal:ticket"})
