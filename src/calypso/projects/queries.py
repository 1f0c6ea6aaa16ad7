"""Queries on projects, always for a viewer."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from calypso.accounts.access import colleagues
from calypso.accounts.audit_log import entries_about
from calypso.accounts.models import AuditEntry, User
from calypso.base.chosen import chosen
from calypso.base.errors import Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.paging import Page, page_of
from calypso.base.searching import holding
from calypso.base.text import is_key
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects import access
from calypso.projects.models import Project, ViewingRight

PLACES = ("client_manager", "vendor_manager", "setup_agent", "support")  # the fields of people in charge
PEOPLE = ("organization", *PLACES)


def about_project(project: Project) -> str:
    """Returns the identifier of a project in the audit log."""
    return f"project:{project.key}"


def get_project(viewer: User, key: str) -> Project:
    """Returns a project with its people. Raises NotVisible."""
    project: Project | None = _PROJECT.first(viewer, key) if is_key(key) else None
    if project is None:
        raise NotVisible
    return project


def _project(viewer: User, key: str) -> QuerySet[Project]:
    return access.projects_for(viewer).select_related(*PEOPLE).filter(key=key)


_PROJECT = CompiledQuery(_project)


def unavailable_people(project: Project) -> dict[str, User]:
    """Returns, by field, those who hold a place of the project that they could not be chosen for now (R9).

    They were deactivated, lost the role, or left the company, and must be replaced.
    """
    people = {name: person for name in PLACES if (person := getattr(project, name)) is not None}
    return {
        name: person for name, person in people.items() if not access.may_hold(name, person, project.organization_id)
    }


def current_projects(viewer: User) -> QuerySet[Project]:
    """Returns the projects visible to `viewer` that are not archived, by name (S29)."""
    return access.projects_for(viewer).filter(archived_at__isnull=True).select_related(*PEOPLE).order_by("name")


def project_changes(viewer: User, project: Project, page: int) -> Page[AuditEntry]:
    """Returns a page of the audit log of a project, newest first. For those who manage projects."""
    access.require_manage(viewer)
    return page_of(entries_about(about_project(project)), page, chosen("LIST_PAGE_SIZE"))


def projects_page(viewer: User, words: str, phase: str, archived: bool, page: int) -> Page[Project]:
    """Returns the projects, current or archived, in `phase` when given, whose name or company contains the words.

    Raises Invalid for a phase that does not exist.
    """
    rows = all_projects(viewer).filter(archived_at__isnull=not archived)
    if phase and phase not in Project.Phase.values:
        raise Invalid({"phase": [_("Cette phase n'existe pas.")]})
    if phase:
        rows = rows.filter(phase=phase)
    return page_of(holding(rows, words, "search_text", "organization__search_text"), page, chosen("LIST_PAGE_SIZE"))


def all_projects(viewer: User) -> QuerySet[Project]:
    """Returns every project visible to `viewer`, current ones first. For the desk."""
    return (
        access.projects_for(viewer)
        .select_related(*PEOPLE)
        .order_by(F("archived_at").asc(nulls_first=True), "organization__name", "name")
    )


@dataclass(frozen=True, slots=True)
class ViewersPage:
    """The page of viewing rights; people are sorted by name.

    `listed` are in the table, closed accounts included; `addable` in the selector; `colleagues` are the active contacts
    of the company.
    """

    project: Project
    listed: list[User]
    addable: list[User]
    colleagues: list[User]

    def named(self, keys: set[str]) -> list[User]:
        """Returns the people of the table and of the selector who have these keys."""
        return [person for person in (*self.listed, *self.addable) if person.key in keys]


def viewers_page(viewer: User, project: Project) -> ViewersPage:
    """Returns who is listed and who could be. Raises Forbidden to a person who may not manage the viewers."""
    access.require_manage_viewers(viewer, project)
    contacts, listed = list(colleagues({project.organization_id})), list(listed_people(project))
    return ViewersPage(project, listed, [person for person in contacts if person not in listed], contacts)


def listed_people(project: Project) -> QuerySet[User]:
    """Returns the people listed as viewers, by name, closed accounts included. The only query that reads the list."""
    return User.objects.filter(pk__in=ViewingRight.objects.filter(project=project).values("user_id"))


def viewers(viewer: User, project: Project) -> list[User]:
    """Returns the contacts who see the project, by name: only they can be chosen as followers (decision 1, R5)."""
    return list(access.viewers_of(project))


@dataclass(frozen=True, slots=True)
class SightChange:
    """The impact of saving a list of viewers: who gains and who loses visibility of the project (decision 1)."""

    gain: list[User]
    lose: list[User]
    opens: bool


def preview_viewers(viewer: User, project: Project, keys: set[str]) -> SightChange:
    """Returns the impact preview of a list of viewers that is exactly `keys`. Raises Forbidden."""
    page = viewers_page(viewer, project)
    current_ids = {person.pk for person in access.viewers_of(project)}
    listed_ids = {person.pk for person in page.named(keys)}
    new_ids = listed_ids | {project.client_manager_id} if listed_ids else {person.pk for person in page.colleagues}
    return SightChange(
        gain=[person for person in page.colleagues if person.pk in new_ids - current_ids],
        lose=[person for person in page.colleagues if person.pk in current_ids - new_ids],
        opens=not listed_ids and project.restricted,
    )
