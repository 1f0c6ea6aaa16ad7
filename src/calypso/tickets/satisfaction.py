"""The one question at closing: is the client satisfied? Plain data."""

from enum import StrEnum

from calypso.base.marks import mark


class Satisfaction(StrEnum):
    """What a client may answer."""

    SATISFIED = "satisfied"
    MIXED = "mixed"
    UNSATISFIED = "unsatisfied"


# How an answer reads, and its tone.
ANSWERS: dict[Satisfaction, tuple[str, str]] = {
    Satisfaction.SATISFIED: (mark("Satisfait"), "green"),
    Satisfaction.MIXED: (mark("Mitigé"), "amber"),
    Satisfaction.UNSATISFIED: (mark("Insatisfait"), "red"),
}
