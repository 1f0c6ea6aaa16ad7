"""Reads about projects, always for a viewer."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, QuerySet

from calypso.accounts.access import colleagues
from calypso.accounts.audit_log import entries_about
from calypso.accounts.models import AuditEntry, User
from calypso.base.errors import Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.paging import Page, page_of
from calypso.base.searching import holding
from calypso.base.text import is_key
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects import access
from calypso.projects.models import Project, ViewingRight

PEOPLE = ("organization", "client_manager", "vendor_manager", "setup_agent", "support")


def about_project(project: Project) -> str:
    """How the history names a project."""
    return f"project:{project.key}"


def get_project(viewer: User, key: str) -> Project:
    """One project with its people. Raises NotVisible."""
    found: Project | None = _PROJECT.first(viewer, key) if is_key(key) else None
    if found is None:
        raise NotVisible
    return found


def _project(viewer: User, key: str) -> QuerySet[Project]:
    return access.projects_for(viewer).select_related(*PEOPLE).filter(key=key)


_PROJECT = CompiledQuery(_project)


def client_manager_left(project: Project) -> bool:
    """Whether the client project manager is no longer an active contact of the company: name another (R9)."""
    manager = project.client_manager
    return manager is not None and not access.is_contact_of(manager, project.organization_id)


def current_projects(viewer: User) -> QuerySet[Project]:
    """The projects under way that the person sees, by name (S29)."""
    return access.projects_for(viewer).filter(archived_at__isnull=True).select_related(*PEOPLE).order_by("name")


def project_changes(viewer: User, project: Project, page: int) -> Page[AuditEntry]:
    """What was changed in a project, newest first. For those who manage projects."""
    access.require_manage(viewer)
    return page_of(entries_about(about_project(project)), page, settings.LIST_PAGE_SIZE)


def projects_page(viewer: User, words: str, phase: str, archived: bool, page: int) -> Page[Project]:
    """The projects, current or archived, of a phase when one is given, whose name or company holds the words.

    Raises Invalid for a phase that does not exist.
    """
    rows = all_projects(viewer).filter(archived_at__isnull=not archived)
    if phase and phase not in Project.Phase.values:
        raise Invalid({"phase": [_("Cette phase n'existe pas.")]})
    if phase:
        rows = rows.filter(phase=phase)
    return page_of(holding(rows, words, "search_text", "organization__search_text"), page, settings.LIST_PAGE_SIZE)


def all_projects(viewer: User) -> QuerySet[Project]:
    """Every project that the person sees, current ones first. For the desk."""
    return (
        access.projects_for(viewer)
        .select_related(*PEOPLE)
        .order_by(F("archived_at").asc(nulls_first=True), "organization__name", "name")
    )


@dataclass(frozen=True, slots=True)
class ViewersPage:
    """The page of viewing rights, by name: `listed` in the table, those whose account is closed included, `addable` in
    the selector; `colleagues` are the active contacts of the company."""

    project: Project
    listed: list[User]
    addable: list[User]
    colleagues: list[User]

    def named(self, keys: set[str]) -> list[User]:
        """Those of the table and of the selector whom the keys name."""
        return [person for person in (*self.listed, *self.addable) if person.key in keys]


def viewers_page(viewer: User, project: Project) -> ViewersPage:
    """Who is listed and who could be. Raises Forbidden to whoever does not manage the viewers."""
    access.require_manage_viewers(viewer, project)
    everyone, listed = list(colleagues({project.organization_id})), list(listed_people(project))
    return ViewersPage(project, listed, [person for person in everyone if person not in listed], everyone)


def listed_people(project: Project) -> QuerySet[User]:
    """The people listed as viewers, by name: the one reading of the list. One whose account is closed stays on it."""
    return User.objects.filter(pk__in=ViewingRight.objects.filter(project=project).values("user_id"))


def viewers(viewer: User, project: Project) -> list[User]:
    """The contacts who see the project, by name: the only ones that the follower list offers (decision 1, R5)."""
    return list(access.viewers_of(project))


@dataclass(frozen=True, slots=True)
class SightChange:
    """What saving a list of viewers would change: who gains and who loses sight of the project (decision 1)."""

    gain: list[User]
    lose: list[User]
    opens: bool


def preview_viewers(viewer: User, project: Project, keys: set[str]) -> SightChange:
    """The effect of listing exactly the people named by `keys`. Raises Forbidden."""
    page = viewers_page(viewer, project)
    today = {person.pk for person in access.viewers_of(project)}
    listed = {person.pk for person in page.named(keys)}
    after = listed | {project.client_manager_id} if listed else {person.pk for person in page.colleagues}
    return SightChange(
        gain=[person for person in page.colleagues if person.pk in after - today],
        lose=[person for person in page.colleagues if person.pk in today - after],
        opens=not listed and project.restricted,
    )
