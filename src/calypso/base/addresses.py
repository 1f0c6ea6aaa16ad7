"""Normalizes mail addresses to the form that mail servers compare (R23, R95)."""

import re

import idna

from calypso.base.text import EMAIL_MAX, normalized, without_unseen

_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def wire_form(address: str) -> str:
    """Returns `address` in its wire form: the domain encoded for DNS, in lower case.

    Domains follow IDNA 2008, where « faß » and « fass » are two distinct domains. Quotes that a local part does not
    need are removed. Returns an empty string, which equals no stored address, for a text that is longer than any
    address or that holds unprintable characters.
    """
    if len(address) > EMAIL_MAX * 2:
        return ""
    visible = without_unseen(address).strip()
    if not visible.isprintable():
        return ""
    local, at, domain = normalized("NFKC", visible).rpartition("@")
    return f"{_unquote(local)}{at}{_wire_domain(domain)}"


def _unquote(local: str) -> str:
    match = _QUOTED.fullmatch(local)
    inner = re.sub(r"\\(.)", r"\1", match[1]) if match else ""
    return inner if _ATOM.fullmatch(inner) else local


def _wire_domain(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):  # not an Internet domain: compared as typed
        return domain.lower()
