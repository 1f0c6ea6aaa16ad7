"""References and keys: random, never sequential, easy to read aloud (S51, R20, R106)."""

import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without O/0, I/1 and L, which people confuse
REFERENCE_LENGTH = 7
KEY_LENGTH = 12

_CONFUSIONS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_reference() -> str:
    """A new ticket reference. Its uniqueness is the database's to promise; the caller tries again when refused."""
    return "".join(secrets.choice(ALPHABET) for _ in range(REFERENCE_LENGTH))


def new_key() -> str:
    """A new public key of a thing that is reached by its address: some 59 bits, lower case."""
    return "".join(secrets.choice(ALPHABET) for _ in range(KEY_LENGTH)).lower()


def confusable(reference: str) -> str:
    """`reference` with look-alike characters merged: two references that a reader may confuse fold to the same."""
    return reference.strip().upper().translate(_CONFUSIONS)
