"""Batches of processed tickets: how a decision on one is told (decision 12). Plain data."""

from calypso.base.marks import mark
from calypso.tickets.workflow import StepName

# Every step that leaves « Traité » decides a ticket of a batch; the word that its record keeps.
DECISIONS: dict[StepName, str] = {
    StepName.CLOSE: mark("Accepté"),
    StepName.RETURN: mark("Refusé"),
    StepName.CLOSE_FOR_VENDOR: mark("Clôturé par %(vendor)s"),
    StepName.INTERNAL_RETURN: mark("Repris par %(vendor)s"),
}
TONES: dict[StepName, str] = {
    StepName.CLOSE: "green",
    StepName.RETURN: "orange",
    StepName.CLOSE_FOR_VENDOR: "grey",
    StepName.INTERNAL_RETURN: "grey",
}
