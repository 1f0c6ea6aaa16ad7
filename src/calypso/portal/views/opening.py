"""« Créer un ticket » (S59–S69)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from calypso.accounts.access import Viewer
from calypso.base.errors import Conflict, Invalid, NotVisible, SpentForm
from calypso.base.uploads import accepted_extensions
from calypso.portal.decorators import for_clients
from calypso.portal.forms import OpeningForm
from calypso.projects.access import SeenProject
from calypso.projects.queries import current_projects, viewers
from calypso.projects.visible import VisibleProject
from calypso.search.nearby import nearby
from calypso.tickets.actions import drafts
from calypso.tickets.actions.opening import Request, open_ticket, problems
from calypso.tickets.priorities import Priority, needs_context
from calypso.tickets.queries.drafts import draft_purpose, get_draft, unsent_draft
from calypso.ui.forms import form_key, resumed_key, uploads
from calypso.ui.htmx import render

OPENING = draft_purpose("opening")


@require_http_methods(["GET", "HEAD", "POST"])
@for_clients
def in_project(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """From a project's page: the project is given (S60)."""
    return _opening(request, viewer, VisibleProject(viewer, key).project, given=True)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clients
def anywhere(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """From one's own tickets: the project is chosen, its company in brackets (S69)."""
    kept = get_draft(viewer, form_key(request))[0] if request.GET.get("brouillon") else {}
    try:
        project = VisibleProject(viewer, request.POST.get("project") or kept.get("project", "")).project
    except NotVisible:
        project = None  # not chosen yet, or the same answer as for one that does not exist (R4)
    return _opening(request, viewer, project, given=False)


def _opening(request: HttpRequest, viewer: Viewer, project: SeenProject | None, *, given: bool) -> HttpResponse:
    if request.method != "POST":
        key = form_key(request)
        return _page(request, viewer, project, OpeningForm(initial=get_draft(viewer, key)[0]), key, given=given)
    form, key = OpeningForm(request.POST), form_key(request)
    refused = drafts.keep_files(viewer, form_key=key, purpose=OPENING, uploads=uploads(request))
    if request.POST.get("retirer"):
        drafts.remove_file(viewer, form_key=key, key=request.POST["retirer"])
    if request.POST.get("retirer") or request.POST.get("choisir"):
        return _page(request, viewer, project, OpeningForm(initial=form.typed()), key, given=given)
    asked = Request(**{name: form.text(name) for name in Request.__dataclass_fields__})
    try:
        form.accepted()
        if refused or project is None:
            found = problems(viewer, project=project, request=asked)
            raise Invalid({**found, "attachments": refused} if refused else found)
        ticket = open_ticket(viewer, project=project, request=asked, form_key=key)
    except Invalid as refusal:
        return _page(request, viewer, project, form.refuse(refusal), key, given=given, status=422)
    except Conflict as conflict:
        fresh = drafts.renew_key(viewer, form_key=key) if isinstance(conflict, SpentForm) else key
        return _page(request, viewer, project, form, fresh, given=given, status=409, conflict=conflict.message)
    drafts.drop_sent(viewer, page=request.path, name="title", text=form.text("title"))
    return redirect(resolve_url("portal:ticket", ticket.reference) + "?fait=cree")


def _page(
    request: HttpRequest,
    viewer: Viewer,
    project: SeenProject | None,
    form: OpeningForm,
    key: str,
    *,
    given: bool,
    status: int = 200,
    conflict: str = "",
) -> HttpResponse:
    """The form, with what was typed, the files already kept and the people who may be told."""
    people = [person for person in viewers(viewer, project) if person != viewer] if project else []
    context = {
        "nav": "projects" if given else "mine",
        "project": project,
        "given": given,
        "projects": [] if given else current_projects(viewer),
        "people": [(person.key, person.full_name) for person in people],
        "form": form,
        "form_key": key,
        "conflict": conflict,
        "unsent": None if resumed_key(request) else unsent_draft(viewer, request.path),
        "kept": get_draft(viewer, key)[1],
        "priorities": [(priority, needs_context(priority)) for priority in Priority],
        "most": settings.OPENING_FILES,
        "max_mb": settings.FILE_MAX_MB,
        "accept": accepted_extensions(),
    }
    return render(request, "portal/opening.html", context, parts=("suivi",), status=status)


@require_safe
@for_clients
def nearby_tickets(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """The tickets that what is being written may repeat."""
    project, typed = VisibleProject(viewer, key).project, request.GET.get
    rows = nearby(viewer, project=project, title=typed("title", ""), page_url=typed("page_url", ""))
    return render(request, "ui/nearby.html", {"rows": rows, "route": "portal:ticket"})
