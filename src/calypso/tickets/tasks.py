"""Maintenance tasks: data past its retention period (R130) and files that no row references (R67, R68) are removed."""

from datetime import timedelta

from django.db import transaction
from django.tasks import task

from calypso.base import clock, files, journal
from calypso.base.chosen import chosen
from calypso.outbox import maintenance
from calypso.pictures import actions as pictures
from calypso.pictures.bounds import SHOWN
from calypso.pictures.queries import picture_names, pictured_sources
from calypso.tickets.models import Attachment, Draft, Ticket, TicketEvent

DRAFT_LIFE = timedelta(days=7)
PICTURES_AT_ONCE = 200
ORPHAN_LIFE = timedelta(hours=24)  # so that a backup that is running finds every file that its rows reference


@task
def retain() -> tuple[int, int]:
    """Removes mails and closed tickets past their retention period. Runs every day (R130).

    Returns the number of mails and the number of tickets removed.
    """
    mails = maintenance.remove_ended(chosen("KEEP_MAILS_DAYS"))
    maintenance.remove_notifications(chosen("KEEP_MAILS_DAYS"))
    return mails, _remove_closed(chosen("KEEP_CLOSED_MONTHS")) if chosen("KEEP_CLOSED_MONTHS") else 0


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
    stored_names = files.held_names()
    lost_sources = []
    for source, *names in picture_names():
        if source in stored_names:
            stored_names.update(names)
        else:
            lost_sources.append(source)
    orphans = [
        name for name in files.stored_before((clock.now() - ORPHAN_LIFE).timestamp()) if name not in stored_names
    ]
    for name in orphans:
        files.remove(name)
    pictures.drop(sources=[source for source in lost_sources if not files.path_of(source).exists()])
    return len(orphans)


@task
def ask_for_pictures() -> int:
    """Asks for the pictures of files received before there were any; returns of how many. Runs every hour."""
    rows = Attachment.objects.filter(media_type__in=SHOWN).order_by("-id").values_list("stored", "media_type")
    unasked = rows.exclude(stored__in=pictured_sources())[:PICTURES_AT_ONCE]
    for stored, media_type in list(unasked):
        with transaction.atomic():
            pictures.ask(source=stored, media_type=media_type)
    return len(unasked)
