"""What a mail address is for the servers that carry it (R23, R52)."""

import pytest
from django.core.exceptions import ValidationError

from calypso.accounts.emails import clean_email, email_key
from calypso.base.addresses import wire_form


@pytest.mark.parametrize(
    "typed, stored",
    [
        ("kim@faß.example", "kim@xn--fa-hia.example"),
        ("kim@xn--fa-hia.example", "kim@xn--fa-hia.example"),
        ("kim@ÉLÉPHANT.example", "kim@xn--lphant-9uab.example"),
        ('"kim"@exemple.fr', "kim@exemple.fr"),
        ('"k\\im"@exemple.fr', "kim@exemple.fr"),
        ("  kim@exemple.fr\u00a0", "kim@exemple.fr"),
        ("k\u200bim@exem\u00adple.fr", "kim@exemple.fr"),
        ("Kim.O'Hara+salon@Exemple.FR", "Kim.O'Hara+salon@exemple.fr"),
    ],
)
def test_r23_what_is_stored_is_what_is_mailed(typed: str, stored: str) -> None:
    assert clean_email(typed) == stored
    assert wire_form(stored) == stored
    assert email_key(typed) == stored.casefold()


@pytest.mark.parametrize(
    "typed", ['"k im"@exemple.fr', '"a@b"@exemple.fr', "kım@exemple.fr", "kim", "@", "kim@", "k" * 300]
)
def test_r52_what_few_servers_can_write_to_is_refused(typed: str) -> None:
    with pytest.raises((ValidationError, ValueError)):
        clean_email(typed)


def test_what_is_longer_than_any_address_equals_none() -> None:
    assert wire_form("a" * 100_000 + "@exemple.fr") == ""
    assert wire_form("a\x00@exemple.fr") == ""
    assert wire_form("kim@a_b.exemple") == "kim@a_b.exemple"
