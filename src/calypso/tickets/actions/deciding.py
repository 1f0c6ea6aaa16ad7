"""What a step taken on a published ticket of a batch means for the batch: a decision, then the record."""

from calypso.base import clock
from calypso.tickets.models import Batch, BatchItem, Ticket, TicketEvent
from calypso.tickets.notices.batches import tell_finished


def note_decision(*, ticket: Ticket, event: TicketEvent) -> None:
    """Writes the step that left « Traité » as the decision on the ticket in its batch, wherever it was taken.

    The last decision finishes the batch and tells both project managers. In the transaction of the step.
    """
    item = BatchItem.objects.filter(ticket=ticket, decision="", batch__published_at__isnull=False).first()
    if item is None:
        return
    batch = Batch.objects.select_for_update().get(pk=item.batch_id)  # two last decisions at once: one of them finishes
    item.decision, item.words = event.step, event
    item.decided_by, item.decided_at = event.actor, event.created_at
    item.save(update_fields=["decision", "words", "decided_by", "decided_at"])
    if not BatchItem.objects.filter(batch=batch, decision="").exists():
        batch.finished_at = clock.now()
        batch.save(update_fields=["finished_at"])
        tell_finished(batch, ticket.project, event)
