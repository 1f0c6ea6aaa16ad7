"""Housekeeping of files: what nothing names any more leaves the disk (R67, R68)."""

from datetime import timedelta

from django.tasks import task

from calypso.base import clock, files
from calypso.tickets.models import Attachment, Draft, DraftFile

DRAFT_LIFE = timedelta(hours=24)


@task
def sweep_files() -> int:
    """Removes drafts older than a day, then files of the store that no row names; returns how many files left."""
    Draft.objects.filter(created_at__lt=clock.now() - DRAFT_LIFE).delete()
    known = set(Attachment.objects.values_list("stored", flat=True)) | set(
        DraftFile.objects.values_list("stored", flat=True)
    )
    orphans = [name for name in files.stored_before((clock.now() - DRAFT_LIFE).timestamp()) if name not in known]
    for name in orphans:
        files.remove(name)
    return len(orphans)
