"""The possible answers to the satisfaction question that a client is asked on a closed ticket. Plain data."""

from enum import StrEnum

from calypso.base.catalogue import gettext_noop


class Satisfaction(StrEnum):
    """An answer to the satisfaction question."""

    SATISFIED = "satisfied"
    MIXED = "mixed"
    UNSATISFIED = "unsatisfied"


# The label and the tone (colour) of each answer.
ANSWERS: dict[Satisfaction, tuple[str, str]] = {
    Satisfaction.SATISFIED: (gettext_noop("Satisfait"), "green"),
    Satisfaction.MIXED: (gettext_noop("Mitigé"), "amber"),
    Satisfaction.UNSATISFIED: (gettext_noop("Insatisfait"), "red"),
}
