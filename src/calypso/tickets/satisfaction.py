"""The one question at closing: is the client satisfied? Plain data."""

from enum import StrEnum

from calypso.base.catalogue import gettext_noop


class Satisfaction(StrEnum):
    """What a client may answer."""

    SATISFIED = "satisfied"
    MIXED = "mixed"
    UNSATISFIED = "unsatisfied"


# How an answer reads, and its tone.
ANSWERS: dict[Satisfaction, tuple[str, str]] = {
    Satisfaction.SATISFIED: (gettext_noop("Satisfait"), "green"),
    Satisfaction.MIXED: (gettext_noop("Mitigé"), "amber"),
    Satisfaction.UNSATISFIED: (gettext_noop("Insatisfait"), "red"),
}
