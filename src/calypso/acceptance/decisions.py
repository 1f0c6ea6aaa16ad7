"""Turns a step taken on a published ticket of a batch into a decision; the last one gives the acceptance record.

A decision that its author takes back is one no more, and neither is the record (decision 33).
"""

from calypso.acceptance.models import Batch, BatchItem
from calypso.acceptance.notices import tell_finished
from calypso.base import clock
from calypso.outbox.maintenance import call_off
from calypso.tickets.events import Published
from calypso.tickets.models import TicketEvent
from calypso.tickets.workflow import State


def follow(published: Published) -> None:
    """Stores the step that left « Traité » as the decision on the ticket in its batch, wherever it was taken.

    The last decision finishes the batch and notifies both project managers.
    """
    ticket, event = published.ticket, published.entry
    if published.revoked is not None:
        _take_back(published.revoked)
        return
    if not published.has_stepped or published.before is not State.PROCESSED:
        return
    item = BatchItem.objects.filter(ticket=ticket, decision="", batch__published_at__isnull=False).first()
    if item is None:
        return
    # Locked: of two concurrent last decisions, one finishes the batch.
    batch = Batch.objects.select_for_update().get(pk=item.batch_id)
    item.decision, item.decision_event = event.step, event
    item.decided_by, item.decided_at = event.actor, event.created_at
    item.save(update_fields=["decision", "decision_event", "decided_by", "decided_at"])
    if not BatchItem.objects.filter(batch=batch, decision="").exists():
        batch.finished_at = clock.now()
        batch.save(update_fields=["finished_at"])
        tell_finished(batch, ticket.project, event)


def _take_back(event: TicketEvent) -> None:
    """Takes back the decision that a step was, if it was one, and the end of its batch."""
    item = BatchItem.objects.filter(decision_event=event).first()
    if item is None:
        return
    batch = Batch.objects.select_for_update().get(pk=item.batch_id)
    item.decision, item.decision_event, item.decided_by, item.decided_at = "", None, None, None
    item.save(update_fields=["decision", "decision_event", "decided_by", "decided_at"])
    if batch.finished_at is not None:
        batch.finished_at = None
        batch.save(update_fields=["finished_at"])
        call_off(f"event:{event.key}", f"batch:{batch.key}")
