"""Ticket references and public keys: random, never sequential, easy to read aloud (S51, R20, R106)."""

import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without O/0, I/1 and L, which people confuse
REFERENCE_LENGTH = 7
KEY_LENGTH = 12

_CONFUSIONS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_reference() -> str:
    """Returns a new ticket reference. The database guarantees its uniqueness; the caller retries on a duplicate."""
    return "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))


def new_key() -> str:
    """Returns a new public key for an object that has a URL: about 59 bits, lower case."""
    return "".join(secrets.choice(ALPHABET) for _ in range(KEY_LENGTH)).lower()


def confusable(reference: str) -> str:
    """Returns `reference` with look-alike characters merged: references that a reader may confuse become equal."""
    return reference.strip().upper().translate(_CONFUSIONS)
