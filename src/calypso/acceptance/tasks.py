"""Maintenance of batches: those whose tickets were kept long enough leave with them (R130)."""

from django.tasks import task

from calypso.acceptance.models import Batch


@task
def remove_empty_batches() -> int:
    """Removes finished batches that hold no ticket any more; returns how many. Run every day."""
    return Batch.objects.filter(finished_at__isnull=False, item__isnull=True).delete()[0]
