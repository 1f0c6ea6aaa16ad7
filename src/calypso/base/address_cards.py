"""Reads vCards, the address books of phones and of Apple, as a table (RFC 2426, RFC 6350)."""

import quopri
import re
from collections.abc import Iterator

BEGINNING = re.compile(rb"\s*BEGIN:VCARD\s", re.IGNORECASE)
TITLES = ["E-mail", "Prénom", "Nom", "Civilité", "Nom complet", "Société", "Téléphone"]
_ESCAPED = re.compile(r"\\([,;\\nN])")
_QUOTED = re.compile(r"=\r?\n")  # a line of quoted-printable that goes on
_FOLDED = re.compile(r"\r?\n[ \t]")  # a line of vCard that goes on


def read_cards(text: str) -> list[list[str]]:
    """Returns a row of titles, then one row a card. Cards without an address are rows too: the import names them."""
    return [TITLES, *(_row(card) for card in _cards(_FOLDED.sub("", text)))]


def _cards(text: str) -> Iterator[dict[str, str]]:
    """Yields each card as its values by property; the first of several counts, a preferred one before it."""
    card: dict[str, str] = {}
    for line in _QUOTED.sub("", text).splitlines():
        name, colon, value = line.partition(":")
        prop, *parameters = name.upper().split(";")
        prop = prop.rpartition(".")[2]  # without the group of Apple, « item1.EMAIL »
        if prop == "END" and colon:
            yield card
            card = {}
        elif colon and (prop not in card or any("PREF" in parameter for parameter in parameters)):
            card[prop] = _decoded(value, parameters)


def _decoded(value: str, parameters: list[str]) -> str:
    if any(parameter.endswith("QUOTED-PRINTABLE") for parameter in parameters):
        return quopri.decodestring(value.encode()).decode("utf-8", "replace")
    return value


def _row(card: dict[str, str]) -> list[str]:
    last, first, _middle, civility, *_after = [*_parts(card.get("N", "")), *[""] * 4]
    phone = _plain(card.get("TEL", "")).removeprefix("tel:")
    company = _parts(card.get("ORG", ""))[0]
    return [_plain(card.get("EMAIL", "")), first, last, civility, _plain(card.get("FN", "")), company, phone]


def _parts(value: str) -> list[str]:
    return [_plain(part) for part in re.split(r"(?<!\\);", value)]


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()
