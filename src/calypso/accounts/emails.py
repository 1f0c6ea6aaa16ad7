"""Addresses: one validated mailbox, compared after folding, mailed as stored (R23, R52)."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from calypso.base.addresses import wire_form
from calypso.base.text import EMAIL_MAX, one_line, without_unseen


def clean_email(value: str) -> str:
    """`value` as one valid address, as it is stored and mailed. Raises django's ValidationError or Unreadable.

    What is checked is what will be mailed: the domain in the letters of DNS, a name without needless quotes.
    """
    typed = one_line(without_unseen(value), EMAIL_MAX)
    # « ſ » passes Django's check as the « s » it folds to: two addresses would be one account.
    if not typed.rpartition("@")[0].isascii():
        raise ValidationError("the part before the @ is not one that every mail server can write to")
    address = wire_form(typed)
    validate_email(address)
    if '"' in address or len(address) > EMAIL_MAX:
        raise ValidationError("an address in quotes is one that few mail servers can write to")
    return address


def email_key(address: str) -> str:
    """The form under which two spellings of one address are equal: as it travels, case folded.

    Empty, which equals no stored one, for a text that no database should be asked about (R53, R54).
    """
    return wire_form(address).casefold()
