"""The errors that an action may raise.

Interfaces translate these, and only these, into status codes and pages (case book, C1–C7).
"""

from collections.abc import Mapping, Sequence

from calypso.base.i18n import gettext as _


class DomainError(Exception):
    """Base class of all errors raised by actions."""


class NotVisible(DomainError):
    """The object is absent, or the viewer may not know that it exists: the same answer for both (C1, R2)."""


class Forbidden(DomainError):
    """The object is visible to the viewer, who may not perform this action on it (C3)."""


class Invalid(DomainError):
    """Invalid input (C4). `errors` maps a field name to its messages; the empty name is the whole form."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(message for messages in errors.values() for message in messages))
        self.errors = {field: [str(message) for message in messages] for field, messages in errors.items()}


class Conflict(DomainError):
    """The object changed since the actor loaded it (C5, R102). `message` says what changed, for the reader."""

    def __init__(self, message: str) -> None:
        super().__init__(str(message))
        self.message = str(message)

    def as_invalid(self) -> Invalid:
        """Returns the same message as an error of the whole form."""
        return Invalid({"": [self.message]})


class SpentForm(Conflict):
    """The form's one-time key was already used for something else (R103): the form needs a new key."""


class TooOften(DomainError):
    """Too many attempts (C6). `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Unconfirmed(Conflict):
    """The action is allowed but must be explicitly confirmed first (decisions 1 and 9); `message` says why."""


def words_of(refusal: DomainError) -> str:
    """Returns a refusal in words, for who reads later what became of an order."""
    if isinstance(refusal, Conflict):
        return refusal.message
    if isinstance(refusal, Invalid):
        return " ".join(text for texts in refusal.errors.values() for text in texts)
    return _("Votre compte ne permet pas cette action.")
