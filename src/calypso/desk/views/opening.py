"""Opening a ticket in a client's name (decision 5)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from calypso.accounts.access import Viewer
from calypso.accounts.queries import get_person
from calypso.base.errors import NotVisible
from calypso.composer.forms import OpeningForm
from calypso.composer.opening import opening_context, submit_opening
from calypso.composer.submit import Submission
from calypso.desk.decorators import desk_page, for_staff
from calypso.projects.access import SeenProject
from calypso.projects.queries import current_projects, get_project, viewers
from calypso.search.nearby import nearby
from calypso.tickets import access
from calypso.tickets.queries.drafts import get_draft
from calypso.ui.forms import resumed_key
from calypso.ui.htmx import render

LIST_MOST = 50  # projects that a list offers; more are found by typing


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Creates a ticket: the project, then the client who is its author, then the request."""
    access.require_open_tickets(viewer)
    if request.method != "POST":
        draft_fields = get_draft(viewer, resumed_key(request))[0]
        project = _project(viewer, draft_fields.get("project", request.GET.get("projet", "")))
        return _page(request, viewer, project or _only_project(request, viewer))
    project, author = _project(viewer, request.POST.get("project", "")), _author(viewer, request.POST.get("author", ""))
    caller = _caller(request, viewer)
    submission = submit_opening(request, viewer, project, author, likely_author=caller.key if caller else "")
    if submission.done:
        return redirect(resolve_url("desk:ticket", submission.done) + "?fait=enregistre")
    return _page(request, viewer, project, submission)


def _project(viewer: Viewer, key: str) -> SeenProject | None:
    try:
        return get_project(viewer, key) if key else None
    except NotVisible:
        return None


def _caller(request: HttpRequest, viewer: Viewer) -> Viewer | None:
    """Returns the person who calls, when the page started from them."""
    asked = request.POST if request.method == "POST" else request.GET
    return _author(viewer, asked.get("personne", ""))


def _choices(request: HttpRequest, viewer: Viewer) -> list[SeenProject]:
    """Returns the projects to choose from: of the person or the company that the page started from, else all.

    None when there are more than a list may hold: they are found by typing.
    """
    asked, caller = request.POST if request.method == "POST" else request.GET, _caller(request, viewer)
    rows = current_projects(viewer)
    if caller is not None:
        rows = rows.filter(pk__in=current_projects(caller).values("pk"))
    elif key := asked.get("societe", ""):
        rows = rows.filter(organization__key=key)
    projects = list(rows[: LIST_MOST + 1])
    return projects if len(projects) <= LIST_MOST else []


def _only_project(request: HttpRequest, viewer: Viewer) -> SeenProject | None:
    """Returns the project when the caller or their company has only one."""
    started = request.GET.get("personne") or request.GET.get("societe")
    projects = _choices(request, viewer) if started else []
    return projects[0] if len(projects) == 1 else None


def _author(viewer: Viewer, key: str) -> Viewer | None:
    try:
        return get_person(viewer, key)
    except NotVisible:
        return None


def _page(
    request: HttpRequest, viewer: Viewer, project: SeenProject | None, submission: Submission[OpeningForm] | None = None
) -> HttpResponse:
    caller, projects = _caller(request, viewer), _choices(request, viewer)
    if project is not None and project not in projects:
        projects.append(project)
    context = opening_context(request, viewer, project, submission, author=caller.key if caller else "") | {
        "nav": "new",
        "caller": caller,
        "projects": [(row.key, f"{row.name} ({row.organization.name})") for row in projects],
        "people": [(person.key, person.full_name) for person in (viewers(viewer, project) if project else [])],
    }
    status = submission.status if submission else 200
    return desk_page(request, viewer, "opening", context, parts=("personnes",), status=status)


@require_safe
@for_staff
def nearby_tickets(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Lists the tickets that the one being written may duplicate."""
    param = request.GET.get
    rows = nearby(viewer, project=get_project(viewer, key), title=param("title", ""), page_url=param("page_url", ""))
    return render(request, "ui/nearby.html", {"rows": rows, "route": "desk:ticket"})
