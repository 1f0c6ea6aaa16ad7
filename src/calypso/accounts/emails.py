"""Addresses: one valid mailbox each, compared after folding, mailed as stored (R23, R52)."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from calypso.base.addresses import wire_form
from calypso.base.text import EMAIL_MAX, one_line, without_unseen


def clean_email(value: str) -> str:
    """Returns `value` as one valid address, as it is stored and mailed. Raises Django's ValidationError or Unreadable.

    What is validated is what will be mailed: the domain in the letters of DNS, the part before the @ without needless
    quotes.
    """
    line = one_line(without_unseen(value), EMAIL_MAX)
    # Django accepts « ſ », which folds to « s »: two addresses would share one account.
    if not line.rpartition("@")[0].isascii():
        raise ValidationError("the part before the @ is not one that every mail server can write to")
    address = wire_form(line)
    validate_email(address)
    if '"' in address or len(address) > EMAIL_MAX:
        raise ValidationError("an address in quotes is one that few mail servers can write to")
    return address


def email_key(address: str) -> str:
    """Returns the form in which two spellings of one address are equal: as sent, case-folded.

    Returns an empty text, which equals no stored key, for a text that must not reach the database (R53, R54).
    """
    return wire_form(address).casefold()
