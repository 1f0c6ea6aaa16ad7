"""What an action may refuse. Doors translate these, and only these, into status codes and pages (case book, C1–C7)."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """The root of every refusal."""


class NotVisible(DomainError):
    """The thing is absent, or the viewer may not know that it exists: the same answer for both (C1, R2)."""


class Forbidden(DomainError):
    """The viewer sees the thing but may not do this to it (C3)."""


class Invalid(DomainError):
    """Bad input (C4). `errors` maps a field name to its messages; the empty name is the whole form."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(message for messages in errors.values() for message in messages))
        self.errors = {field: [str(message) for message in messages] for field, messages in errors.items()}


class Conflict(DomainError):
    """Something changed since the actor looked (C5, R102). `message` says what, in the reader's words."""

    def __init__(self, message: str) -> None:
        super().__init__(str(message))
        self.message = str(message)

    def as_invalid(self) -> Invalid:
        """The same, said by the form that was posted."""
        return Invalid({"": [self.message]})


class SpentForm(Conflict):
    """The one-time key of a form served already, for something else (R103): the form needs a new key."""


class TooOften(DomainError):
    """Too many tries (C6). `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Unconfirmed(Conflict):
    """The act is allowed but asks for a named confirmation first (decisions 1 and 9); `message` says what for."""
