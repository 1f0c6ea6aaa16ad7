"""Opening a ticket for a client (decision 5)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from calypso.accounts.access import Viewer
from calypso.accounts.queries import get_person
from calypso.base.errors import Conflict, Invalid, NotVisible, SpentForm
from calypso.base.uploads import accepted_extensions
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import OpeningForm
from calypso.projects.access import SeenProject
from calypso.projects.queries import current_projects, get_project, viewers
from calypso.search.nearby import nearby
from calypso.tickets import access
from calypso.tickets.actions import drafts
from calypso.tickets.actions.opening import Request, open_ticket, problems
from calypso.tickets.priorities import Priority, needs_context
from calypso.tickets.queries.drafts import draft_purpose, get_draft, unsent_draft
from calypso.ui.forms import form_key, resumed_key, uploads
from calypso.ui.htmx import render

OPENING = draft_purpose("opening")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The form: project, then the client who is its author, then the request."""
    access.require_open_tickets(viewer)
    if request.method != "POST":
        typed = {"project": request.GET.get("projet", "")} | get_draft(viewer, key := form_key(request))[0]
        return _page(request, viewer, OpeningForm(initial=typed), key, _project(viewer, typed["project"]))
    form, key = OpeningForm(request.POST), form_key(request)
    project = _project(viewer, form.text("project"))
    refused = drafts.keep_files(viewer, form_key=key, purpose=OPENING, uploads=uploads(request))
    if request.POST.get("retirer"):
        drafts.remove_file(viewer, form_key=key, key=request.POST["retirer"])
    if request.POST.get("retirer") or request.POST.get("choisir"):
        return _page(request, viewer, OpeningForm(initial=form.typed()), key, project)
    asked = Request(**{name: form.text(name) for name in Request.__dataclass_fields__})
    author = _author(viewer, form.text("author"))
    try:
        form.accepted()
        if refused or project is None:
            found = problems(viewer, project=project, request=asked, author=author)
            raise Invalid({**found, "attachments": refused} if refused else found)
        ticket = open_ticket(viewer, project=project, request=asked, form_key=key, author=author)
    except Invalid as refusal:
        return _page(request, viewer, form.refuse(refusal), key, project, status=422)
    except Conflict as conflict:
        fresh = drafts.renew_key(viewer, form_key=key) if isinstance(conflict, SpentForm) else key
        return _page(request, viewer, form, fresh, project, status=409, conflict=conflict.message)
    drafts.drop_sent(viewer, page=request.path, name="title", text=form.text("title"))
    return redirect(resolve_url("desk:ticket", ticket.reference) + "?fait=enregistre")


def _project(viewer: Viewer, key: str) -> SeenProject | None:
    try:
        return get_project(viewer, key) if key else None
    except NotVisible:
        return None


def _author(viewer: Viewer, key: str) -> Viewer | None:
    try:
        return get_person(viewer, key)
    except NotVisible:
        return None


def _page(
    request: HttpRequest,
    viewer: Viewer,
    form: OpeningForm,
    key: str,
    project: SeenProject | None,
    *,
    status: int = 200,
    conflict: str = "",
) -> HttpResponse:
    people = viewers(viewer, project) if project else []
    context = {
        "nav": "new",
        "form": form,
        "form_key": key,
        "conflict": conflict,
        "unsent": None if resumed_key(request) else unsent_draft(viewer, request.path),
        "project": project,
        "projects": [(row.key, f"{row.name} ({row.organization.name})") for row in current_projects(viewer)],
        "people": [(person.key, person.full_name) for person in people],
        "kept": get_draft(viewer, key)[1],
        "priorities": [(priority, needs_context(priority)) for priority in Priority],
        "most": settings.OPENING_FILES,
        "max_mb": settings.FILE_MAX_MB,
        "accept": accepted_extensions(),
    }
    return desk_page(request, viewer, "opening", context, parts=("personnes",), status=status)


@require_safe
@for_staff
def nearby_tickets(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """The tickets that what is being written may repeat."""
    asked = request.GET.get
    rows = nearby(viewer, project=get_project(viewer, key), title=asked("title", ""), page_url=asked("page_url", ""))
    return render(request, "ui/nearby.html", {"rows": rows, "route": "desk:ticket"})
