"""What a mail address is for the servers that carry it (R23, R95)."""

import re

import idna

from calypso.base.text import EMAIL_MAX, normalized, without_unseen

_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def wire_form(address: str) -> str:
    """`address` as it travels: its domain in the letters of DNS, in lower case.

    By IDNA 2008, where « faß » is not « fass »: two domains of the Internet. A name in needless quotes loses them.
    Empty for what is longer than any address, or no text that people write: it equals no stored one.
    """
    if len(address) > EMAIL_MAX * 2:
        return ""
    seen = without_unseen(address).strip()
    if not seen.isprintable():
        return ""
    local, at, domain = normalized("NFKC", seen).rpartition("@")
    return f"{_unquoted(local)}{at}{_wire_domain(domain)}"


def _unquoted(local: str) -> str:
    quoted = _QUOTED.fullmatch(local)
    inner = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else ""
    return inner if _ATOM.fullmatch(inner) else local


def _wire_domain(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):  # no domain of the Internet: compared as it is
        return domain.lower()
