"""Counts the references that a person looks for and does not see, since repeated guesses are a probe (R20)."""

from calypso.accounts import throttle
from calypso.accounts.models import User


def count_unknown(by: User, *, network: str) -> None:
    """Counts one reference that `by` does not see. For any signed-in person. Raises TooOften beyond sixty an hour."""
    throttle.unknown_reference(by.email, network)
