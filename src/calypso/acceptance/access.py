"""Visibility of acceptance batches. The only module of this package that decides it (R1, R11)."""

from django.db.models import QuerySet

from calypso.acceptance.models import Batch
from calypso.accounts.access import may
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.projects.access import projects_for
from calypso.projects.visible import VisibleProject

type SeenBatch = Batch


def batches_for(viewer: User) -> QuerySet[Batch]:
    """Returns the batches visible to `viewer`: all to the team; to a client, the published ones of visible projects."""
    if may(viewer, Capability.SEE_ALL):
        return Batch.objects.all()
    return Batch.objects.filter(published_at__isnull=False, project__in=projects_for(viewer))


def batches_of(visible: VisibleProject) -> QuerySet[Batch]:
    """Returns the batches of a project that are visible to its viewer."""
    batches = Batch.objects.filter(project_id=visible.project.pk)
    return batches.filter(published_at__isnull=False) if visible.viewer.is_client else batches
