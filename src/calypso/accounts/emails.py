"""Addresses: one validated mailbox, compared after folding, mailed as stored (R23, R52)."""

import unicodedata
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from calypso.base.text import EMAIL_MAX, one_line


def clean_email(value: str) -> str:
    """`value` as one valid address. Raises django's ValidationError or Unreadable."""
    address = one_line(value, EMAIL_MAX)
    validate_email(address)
    # « ſ » passes Django's check as the « s » it folds to: two addresses would be one account.
    if not address.rpartition("@")[0].isascii():
        raise ValidationError("the part before the @ is not one that every mail server can write to")
    return address


def email_key(address: str) -> str:
    """The form under which two spellings of one address are equal: NFKC, case folded, domain as IDNA.

    Empty, which equals no stored one, for a text that no database should be asked about (R53, R54).
    """
    if not address.isprintable():
        return ""
    local, at, domain = unicodedata.normalize("NFKC", address.strip()).casefold().rpartition("@")
    with suppress(UnicodeError):  # not a domain: it then equals no stored one
        domain = domain.encode("idna").decode("ascii") if domain else ""
    return f"{local}{at}{domain}"
