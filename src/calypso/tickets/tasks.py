"""Housekeeping: what was kept long enough leaves (R130), and files that nothing names leave the disk (R67, R68)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.tasks import task

from calypso.base import clock, files, journal
from calypso.outbox import maintenance
from calypso.tickets.models import Attachment, Draft, DraftFile, Ticket, TicketEvent

DRAFT_LIFE = timedelta(days=7)
ORPHAN_LIFE = timedelta(hours=24)  # a copy that runs meanwhile finds every file that its rows name


@task
def retain() -> tuple[int, int]:
    """Removes mails and closed tickets that were kept long enough; returns how many of each. Run every day (R130)."""
    mails = maintenance.remove_ended(settings.KEEP_MAILS_DAYS)
    maintenance.remove_notifications(settings.KEEP_MAILS_DAYS)
    return mails, _remove_closed(settings.KEEP_CLOSED_MONTHS) if settings.KEEP_CLOSED_MONTHS else 0


def _remove_closed(months: int) -> int:
    """Removes tickets closed for longer, a few at a time; their files leave with the next sweep."""
    old = Ticket.objects.filter(closed_at__lt=clock.ago(days=30.5 * months)).order_by("closed_at")
    removed = 0
    while keys := list(old.values_list("pk", flat=True)[:100]):
        with transaction.atomic():
            Attachment.objects.filter(ticket__in=keys).delete()
            TicketEvent.objects.filter(ticket__in=keys).delete()
            removed += Ticket.objects.filter(pk__in=keys).delete()[1]["tickets.Ticket"]
    journal.record("tickets.retained", removed=removed, months=months)
    return removed


@task
def sweep_files() -> int:
    """Removes drafts left for a week, then files of the store that no row names; returns how many files left."""
    Draft.objects.filter(saved_at__lt=clock.now() - DRAFT_LIFE).delete()
    known = set(Attachment.objects.values_list("stored", flat=True)) | set(
        DraftFile.objects.values_list("stored", flat=True)
    )
    orphans = [name for name in files.stored_before((clock.now() - ORPHAN_LIFE).timestamp()) if name not in known]
    for name in orphans:
        files.remove(name)
    return len(orphans)
