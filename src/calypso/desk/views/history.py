"""The audit log of a company, a person or a project: who changed what, when, from which value to which (I12)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.views.decorators.http import require_safe

from calypso.accounts.access import Viewer
from calypso.accounts.audit_log import ACTS, DAYS, FIELDS, WORDS
from calypso.accounts.queries import changes_of_organization, changes_of_person, get_organization, get_person
from calypso.base.paging import Page
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.views.clients import page_of_person
from calypso.projects.queries import get_project, project_changes
from calypso.ui.forms import page_number


@require_safe
@for_staff
def organization(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows the audit log of a company."""
    organization = get_organization(viewer, key)
    page = changes_of_organization(viewer, organization, page_number(request))
    return history_page(request, viewer, page, organization.name, resolve_url("desk:organization", key), "clients")


@require_safe
@for_staff
def person(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows the audit log of a contact or of a member of the team."""
    person = get_person(viewer, key)
    page = changes_of_person(viewer, person, page_number(request))
    nav = "clients" if person.is_client else "team"
    return history_page(request, viewer, page, person.full_name, page_of_person(person), nav)


@require_safe
@for_staff
def project(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows the audit log of a project."""
    project = get_project(viewer, key)
    page = project_changes(viewer, project, page_number(request))
    return history_page(request, viewer, page, project.name, resolve_url("desk:project", key), "projects")


def history_page(
    request: HttpRequest, viewer: Viewer, page: Page[Any], title: str, back: str, nav: str
) -> HttpResponse:
    """Renders a page of the history of something called `title`, whose own page is `back`."""
    tables = {"acts": ACTS, "fields": FIELDS, "words_of_ours": WORDS, "days": DAYS}
    context = {"nav": nav, "page": page, "of": title, "back": back, **tables}
    return desk_page(request, viewer, "history", context)
