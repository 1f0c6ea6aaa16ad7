"""Mails about tickets, batches and changes of phase, one subject a file."""

from calypso.outbox import kinds
from calypso.outbox.kinds import Kind
from calypso.tickets.notices.batches import BATCH_LABELS, sees_batch
from calypso.tickets.notices.phases import PHASE_LABELS, sees_change
from calypso.tickets.notices.tickets import LABELS, sees_ticket


def register_kinds() -> None:
    """Declares the mails of tickets, batches and changes of phase to the outbox."""
    kinds.register(*(Kind(key, label, sees_ticket) for key, label in LABELS.items()))
    kinds.register(*(Kind(key, label, sees_batch) for key, label in BATCH_LABELS.items()))
    kinds.register(*(Kind(key, label, sees_change) for key, label in PHASE_LABELS.items()))
