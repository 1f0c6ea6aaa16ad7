"""Maintenance of batches: a batch is deleted once all its tickets were, at the end of their retention (R130)."""

from django.tasks import task

from calypso.acceptance.models import Batch


@task
def remove_empty_batches() -> int:
    """Deletes the finished batches that no longer contain any ticket; returns how many. Runs every day."""
    return Batch.objects.filter(finished_at__isnull=False, item__isnull=True).delete()[0]
