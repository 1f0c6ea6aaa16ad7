"""Maintenance tasks: data past its retention period (R130) and files that no row references (R67, R68) are removed."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.tasks import task

from calypso.base import clock, files, journal
from calypso.outbox import maintenance
from calypso.tickets.models import Attachment, Draft, DraftFile, Ticket, TicketEvent

DRAFT_LIFE = timedelta(days=7)
ORPHAN_LIFE = timedelta(hours=24)  # so that a backup that is running finds every file that its rows reference


@task
def retain() -> tuple[int, int]:
    """Removes mails and closed tickets past their retention period. Runs every day (R130).

    Returns the number of mails and the number of tickets removed.
    """
    mails = maintenance.remove_ended(settings.KEEP_MAILS_DAYS)
    maintenance.remove_notifications(settings.KEEP_MAILS_DAYS)
    return mails, _remove_closed(settings.KEEP_CLOSED_MONTHS) if settings.KEEP_CLOSED_MONTHS else 0


def _remove_closed(months: int) -> int:
    """Removes tickets closed more than `months` months ago, a hundred at a time; returns how many.

    Their files are removed from disk by the next `sweep_files`.
    """
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
    """Removes drafts not saved for a week, then stored files that no row references; returns how many files."""
    Draft.objects.filter(saved_at__lt=clock.now() - DRAFT_LIFE).delete()
    stored_names = set(Attachment.objects.values_list("stored", flat=True)) | set(
        DraftFile.objects.values_list("stored", flat=True)
    )
    orphans = [
        name for name in files.stored_before((clock.now() - ORPHAN_LIFE).timestamp()) if name not in stored_names
    ]
    for name in orphans:
        files.remove(name)
    return len(orphans)
