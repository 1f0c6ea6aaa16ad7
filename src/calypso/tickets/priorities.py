"""The four priorities of the guide (S65, S66). Plain Python."""

from enum import StrEnum

from calypso.base.catalogue import gettext_noop


class Priority(StrEnum):
    """The four priorities of the guide, in its order (S65)."""

    LOW = "1"
    MEDIUM = "2"
    HIGH = "3"
    BLOCKING = "4"

    @property
    def label(self) -> str:
        return PRIORITIES[self][0]

    @property
    def tone(self) -> str:
        return PRIORITIES[self][1]


PRIORITIES: dict[Priority, tuple[str, str]] = {
    Priority.LOW: (gettext_noop("Faible"), "grey"),
    Priority.MEDIUM: (gettext_noop("Moyenne"), "grey"),
    Priority.HIGH: (gettext_noop("Élevée"), "amber"),
    Priority.BLOCKING: (gettext_noop("Bloquant"), "red"),
}


def needs_context(priority: Priority) -> bool:
    """Returns whether the priority needs a context: « Élevée » and « Bloquant » must be justified (S66)."""
    return priority >= Priority.HIGH
