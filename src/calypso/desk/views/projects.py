"""Projects at the desk: details, managers, archiving."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calypso.accounts.access import Viewer
from calypso.accounts.queries import get_organization, get_person
from calypso.base.errors import Conflict, Invalid, NotVisible
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import ProjectForm, SearchForm
from calypso.desk.views.choices import project_choices
from calypso.desk.views.clients import organization_page
from calypso.phases.queries import is_change_proposed
from calypso.projects import actions
from calypso.projects.access import SeenProject
from calypso.projects.queries import PLACES, get_project, projects_page, unavailable_people
from calypso.sla.figures import side_days
from calypso.ui.forms import page_number


@require_safe
@for_staff
def projects(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the projects, current or archived, filtered by name, company and phase."""
    form = SearchForm(request.GET)
    words, phase, archived = form.text("q"), form.text("phase"), form.flag("archives")
    page = projects_page(viewer, words, phase, archived, page_number(request))
    filters = {"q": words, "phase": phase, "archives": "1" if archived else ""}
    extra = urlencode({name: value for name, value in filters.items() if value})
    context = {"nav": "projects", "page": page, "extra": f"&{extra}" if extra else "", **filters}
    return desk_page(request, viewer, "projects", context)


@require_POST
@for_staff
def add(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Adds a project to a company."""
    form = ProjectForm(request.POST)
    try:
        project = actions.add_project(viewer, organization=get_organization(viewer, key), facts=_facts(viewer, form))
    except Invalid as refusal:
        form.refuse(refusal)
        return organization_page(request, viewer, key, status=422, project=form)
    return redirect(resolve_url("desk:project", project.key) + "?fait=enregistre")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def project(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows one project and edits its details."""
    project = get_project(viewer, key)
    current_form = _form_of(project)
    if request.method != "POST":
        return _page(request, viewer, key, current_form)
    form = ProjectForm(request.POST)
    try:
        facts, before = _facts(viewer, form), form.shown()
        shown = _facts(viewer, before) if before else None
        actions.change_project(viewer, project=project, facts=facts, shown=shown)
    except Invalid as refusal:
        return _page(request, viewer, key, form.refuse(refusal), status=422)
    except Conflict as conflict:
        return _page(request, viewer, key, form.show_again(current_form).refuse(conflict.as_invalid()), status=409)
    return redirect(resolve_url("desk:project", key) + "?fait=enregistre")


def _form_of(project: SeenProject) -> ProjectForm:
    managers: dict[str, Any] = {name: person.key for name in PLACES if (person := getattr(project, name))}
    plain = ("name", "event_date", "by_batch", "remind_days", "asks_satisfaction", "mail_name")
    return ProjectForm(initial=managers | {name: getattr(project, name) for name in plain})


def _page(request: HttpRequest, viewer: Viewer, key: str, form: ProjectForm, *, status: int = 200) -> HttpResponse:
    """Renders a project as it is now, with its form."""
    project = get_project(viewer, key)
    unavailable = unavailable_people(project)
    context = {
        "nav": "projects",
        "project": project,
        "form": form,
        "choices": project_choices(viewer, project.organization, unavailable),
        "side_days": side_days(viewer, project),
        "unavailable": unavailable,
        "is_change_proposed": is_change_proposed(viewer, project),
    }
    return desk_page(request, viewer, "project", context, status=status)


@require_POST
@for_staff
def archive(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Archives or restores the project."""
    archived = request.POST.get("archived") == "1"
    actions.set_archived(viewer, project=get_project(viewer, key), archived=archived)
    return redirect(resolve_url("desk:project", key) + f"?fait={'archive' if archived else 'restaure'}")


def _facts(viewer: Viewer, form: ProjectForm) -> actions.Facts:
    """Returns the details typed; a person who is not visible counts as none (R4). Raises Invalid for a bad date."""
    form.accepted()
    people: dict[str, Any] = {name: _person(viewer, form.text(name)) for name in PLACES}
    return actions.Facts(
        form.text("name"),
        form.value_of("event_date"),
        by_batch=form.flag("by_batch"),
        remind_days=form.value_of("remind_days"),
        asks_satisfaction=form.flag("asks_satisfaction"),
        mail_name=form.text("mail_name"),
        **people,
    )


def _person(viewer: Viewer, key: str) -> Viewer | None:
    try:
        return get_person(viewer, key) if key else None
    except NotVisible:
        return None
