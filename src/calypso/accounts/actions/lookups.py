"""Looking for references one does not see: a label guessed again and again is a probe (R20)."""

from calypso.accounts import throttle
from calypso.accounts.models import User


def count_unknown(by: User, *, network: str) -> None:
    """Counts one reference that names nothing `by` sees. Any signed-in person. Raises TooOften beyond sixty an hour."""
    throttle.unknown_reference(by.email, network)
