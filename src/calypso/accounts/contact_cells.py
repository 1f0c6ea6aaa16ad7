"""Reads the cells of a contact as address books and forms write them: an address among others, a whole name (I8)."""

import re

from calypso.base.text import fold

_CIVILITIES = {"m": "M.", "mr": "M.", "monsieur": "M.", "mme": "Mme", "mrs": "Mme", "ms": "Mme", "madame": "Mme"}
_NEXT_ADDRESS = re.compile(r" ::: |[,;\n]")  # what stands between several addresses of one cell
_IN_BRACKETS = re.compile(r"<([^<>]*)>\s*$")


def first_address(cell: str) -> str:
    """Returns the first address of a cell, out of « mailto:a@x.fr », « Ada <a@x.fr> », « a@x.fr ::: b@x.fr »."""
    in_brackets = _IN_BRACKETS.search(cell)
    parts = _NEXT_ADDRESS.split(in_brackets[1] if in_brackets else cell)
    return next((part for part in parts if "@" in part), cell).strip().removeprefix("mailto:")


def civility(cell: str) -> str:
    """Returns a civility as accounts have it, « M. » for « Mr »; another text is returned as it is."""
    return _CIVILITIES.get(fold(cell).rstrip("."), cell)


def parted_name(full_name: str) -> tuple[str, str, str]:
    """Returns the civility, first and last name of a whole name: « M. Jean DUPONT », « DUPONT, Jean »."""
    word, _space, others = full_name.partition(" ")
    title = _CIVILITIES.get(fold(word).rstrip("."), "") if others else ""
    return title, *_first_and_last(others if title else full_name)


def _first_and_last(name: str) -> tuple[str, str]:
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    words = name.split()
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if capitals and len(capitals) < len(words):
        return " ".join(word for word in words if word not in capitals), " ".join(capitals)
    return " ".join(words[:1]), " ".join(words[1:])
