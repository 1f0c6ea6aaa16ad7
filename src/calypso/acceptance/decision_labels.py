"""Labels and colours of the decisions on the tickets of a batch (decision 12). Plain data."""

from calypso.base.catalogue import gettext_noop
from calypso.tickets.workflow import StepName

# Every step out of « Traité » decides a ticket of a batch; the label is what the acceptance record shows.
DECISIONS: dict[StepName, str] = {
    StepName.CLOSE: gettext_noop("Accepté"),
    StepName.RETURN: gettext_noop("Refusé"),
    StepName.CLOSE_FOR_VENDOR: gettext_noop("Clôturé par %(vendor)s"),
    StepName.INTERNAL_RETURN: gettext_noop("Repris par %(vendor)s"),
}
TONES: dict[StepName, str] = {
    StepName.CLOSE: "green",
    StepName.RETURN: "orange",
    StepName.CLOSE_FOR_VENDOR: "grey",
    StepName.INTERNAL_RETURN: "grey",
}
