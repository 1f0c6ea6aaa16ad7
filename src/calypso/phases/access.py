"""Visibility of phase changes, and who may agree to them. The only module of this package that decides it (R1)."""

from django.db.models import QuerySet

from calypso.accounts.access import may
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base.errors import Forbidden
from calypso.phases.models import PhaseChange
from calypso.projects.access import is_client_manager, projects_for
from calypso.projects.visible import VisibleProject


def phase_changes_for(viewer: User) -> QuerySet[PhaseChange]:
    """Returns the phase changes of the projects visible to `viewer`."""
    return PhaseChange.objects.filter(project__in=projects_for(viewer))


def phase_changes_of(visible: VisibleProject) -> QuerySet[PhaseChange]:
    """Returns the phase changes of a project."""
    return PhaseChange.objects.filter(project_id=visible.project.pk)


def side_to_agree(viewer: User, change: PhaseChange) -> str:
    """Returns the side, "vendor" or "client", for which `viewer` may still agree to a phase change; "" for none.

    Nobody is asked anything of an archived project.
    """
    project = change.project
    if project.is_archived:
        return ""
    if is_client_manager(viewer, project) and change.client_agreed_at is None:
        return "client"
    manages = project.vendor_manager_id == viewer.pk and may(viewer, Capability.MANAGE_PROJECTS)
    return "vendor" if manages and change.vendor_agreed_at is None else ""


def require_agree(viewer: User, change: PhaseChange) -> str:
    """Returns the side that `viewer` agrees for. Raises Forbidden if they are not asked, or already agreed."""
    side = side_to_agree(viewer, change)
    if not side:
        raise Forbidden
    return side
