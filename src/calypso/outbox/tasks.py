"""The delivery of the outbox, as a background task."""

from django.tasks import task

from calypso.outbox.delivery import deliver


@task
def deliver_due() -> int:
    """Sends every mail that is due; returns how many left. Enqueued by each posting, and run every few seconds."""
    return deliver()
