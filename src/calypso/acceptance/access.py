"""Who sees which batch. The only place where acceptance decides it (R1, R11)."""

from django.db.models import QuerySet

from calypso.acceptance.models import Batch
from calypso.accounts.access import may
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.projects.access import projects_for

type SeenBatch = Batch


def batches_for(viewer: User) -> QuerySet[Batch]:
    """The batches a person sees: all for the team; for a client the published ones of the projects they see."""
    if may(viewer, Capability.SEE_ALL):
        return Batch.objects.all()
    return Batch.objects.filter(published_at__isnull=False, project__in=projects_for(viewer))


def batches_within(viewer: User, known: bool, project_id: int) -> QuerySet[Batch]:
    """The batches of a project that the person sees; `known` as in `tickets_within`."""
    if not known:
        return batches_for(viewer).filter(project_id=project_id)
    batches = Batch.objects.filter(project_id=project_id)
    return batches.filter(published_at__isnull=False) if viewer.is_client else batches
