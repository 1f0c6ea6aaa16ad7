"""Who sees a change of phase, and who agrees to it. The only place where phases decide it (R1)."""

from django.db.models import QuerySet

from calypso.accounts.access import may
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base.errors import Forbidden
from calypso.phases.models import PhaseChange
from calypso.projects.access import is_client_manager, projects_for
from calypso.projects.visible import VisibleProject


def phase_changes_for(viewer: User) -> QuerySet[PhaseChange]:
    """The changes of phase of the projects that the person sees."""
    return PhaseChange.objects.filter(project__in=projects_for(viewer))


def phase_changes_of(visible: VisibleProject) -> QuerySet[PhaseChange]:
    """The changes of phase of a project."""
    return PhaseChange.objects.filter(project_id=visible.project.pk)


def side_to_agree(viewer: User, change: PhaseChange) -> str:
    """The side, "vendor" or "client", for which the person may still agree to a change of phase; "" for none."""
    project = change.project
    if is_client_manager(viewer, project) and change.client_agreed_at is None:
        return "client"
    manages = project.vendor_manager_id == viewer.pk and may(viewer, Capability.MANAGE_PROJECTS)
    return "vendor" if manages and change.vendor_agreed_at is None else ""


def require_agree(viewer: User, change: PhaseChange) -> str:
    """The side that the person speaks for. Raises Forbidden to whoever is not asked, or answered already."""
    side = side_to_agree(viewer, change)
    if not side:
        raise Forbidden
    return side
