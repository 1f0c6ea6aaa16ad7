"""Visibility of projects (decision 1, R5, R8) and who manages them. The only module of this package that decides it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from calypso.accounts.access import colleagues, may, require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import Membership, User
from calypso.base.errors import Conflict, Forbidden
from calypso.base.i18n import gettext as _
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.models import Project, ViewingRight

type SeenProject = Project  # the name that interfaces use for a project: a type, not an access to its table


def projects_for(viewer: User) -> QuerySet[Project]:
    """Returns the projects visible to `viewer`, archived ones included.

    The team sees all. A contact sees those of their active companies that are not restricted, or of which they are a
    viewer or the client project manager. R&D sees the tickets handed to it, not projects (decision 4).
    """
    if may(viewer, Capability.SEE_ALL):
        return Project.objects.all()
    if not viewer.is_client or not viewer.active:
        return Project.objects.none()
    rights = ViewingRight.objects.filter(project_id=OuterRef("pk"), user_id=viewer.pk)
    return Project.objects.filter(
        Q(restricted=False) | Q(client_manager_id=viewer.pk) | Exists(rights),
        organization_id__in=viewer.organization_ids,
    )


def viewers_of(project: Project) -> QuerySet[User]:
    """Returns the active contacts to whom the project is visible now: the inverse of `projects_for`."""
    contacts = colleagues({project.organization_id})
    if not project.restricted:
        return contacts
    listed_ids = ViewingRight.objects.filter(project=project).values("user_id")
    return contacts.filter(Q(pk__in=listed_ids) | Q(pk=project.client_manager_id))


def _viewers(restricted: bool, project_id: int, organization_id: int, manager_id: int) -> QuerySet[User, int]:
    """Returns the primary keys of `viewers_of`, for a project given by the columns that decide it."""
    project = Project(
        pk=project_id, restricted=restricted, organization_id=organization_id, client_manager_id=manager_id or None
    )
    return viewers_of(project).order_by().values_list("pk", flat=True)


_VIEWERS = CompiledQuery(_viewers)


def viewer_ids(project: Project) -> set[int]:
    """Returns the primary keys of `viewers_of`, with a compiled query: every action on a ticket needs them."""
    return set(_VIEWERS.fetch(project.restricted, project.pk, project.organization_id, project.client_manager_id or 0))


def is_client_manager(viewer: User, project: Project) -> bool:
    """Returns whether `viewer` is the project's current client manager, and still belongs to its company."""
    return project.client_manager_id == viewer.pk and project.organization_id in viewer.organization_ids


def managed_projects(viewer: User) -> QuerySet[Project]:
    """Returns the visible projects of which `viewer` is the client manager, archived ones included."""
    return projects_for(viewer).filter(client_manager_id=viewer.pk)


def may_manage_viewers(viewer: User, project: Project) -> bool:
    """Returns whether `viewer` may manage the viewers of a project (decision 2, R7).

    Only the client project manager, and the team members who manage projects, may.
    """
    return is_client_manager(viewer, project) or may(viewer, Capability.MANAGE_PROJECTS)


def require_manage_viewers(viewer: User, project: Project) -> None:
    """Raises Forbidden to a person who sees the project but may not manage its viewers."""
    if not may_manage_viewers(viewer, project):
        raise Forbidden


def may_manage(viewer: User) -> bool:
    """Returns whether `viewer` manages projects."""
    return may(viewer, Capability.MANAGE_PROJECTS)


def require_open(project: Project) -> None:
    """Raises Conflict on an archived project, which is read-only on every channel (R10)."""
    if project.is_archived:
        raise Conflict(_("Ce projet est archivé : il se consulte, mais ne se modifie plus."))


def require_manage(viewer: User) -> None:
    """Raises unless `viewer` manages projects."""
    require(viewer, Capability.MANAGE_PROJECTS)


def may_hold(place: str, person: User, organization_id: int) -> bool:
    """Returns whether a person may be chosen for a place of a project of that company, by the name of its field."""
    if place == "client_manager":
        return is_contact_of(person, organization_id)
    return may(person, Capability.MANAGE_PROJECTS if place == "vendor_manager" else Capability.WORK)


def is_contact_of(user: User, organization_id: int) -> bool:
    """Returns whether the user is an active contact of the company."""
    return (
        user.active
        and user.is_client
        and Membership.objects.filter(user=user, organization_id=organization_id, active=True).exists()
    )
