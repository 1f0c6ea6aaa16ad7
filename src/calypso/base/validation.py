"""Validates input field by field, so that one error reports everything that is wrong (C4)."""

import re
from urllib.parse import urlsplit

from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.text import QUERY_MAX, URL_MAX, Unreadable, many_lines, one_line

_BARE_ADDRESS = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#]|$)")  # a URL typed without its scheme


class Input:
    """Collects cleaned values and errors; `done()` raises Invalid when there is any error."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def refuse(self, field: str, message: str) -> None:
        self.errors.setdefault(field, []).append(message)

    def line(self, field: str, value: str, limit: int, *, required: bool = False) -> str:
        """Returns one cleaned line of text, at most `limit` code points; empty when refused."""
        try:
            text = one_line(value, limit)
        except Unreadable as problem:
            self.refuse(field, str(problem))
            return ""
        if required and not text:
            self.refuse(field, _("Ce champ est obligatoire."))
        return text

    def lines(self, field: str, value: str, limit: int, *, required: bool = False) -> str:
        """Returns a cleaned block of text, at most `limit` code points; empty when refused."""
        try:
            text = many_lines(value, limit)
        except Unreadable as problem:
            self.refuse(field, str(problem))
            return ""
        if required and not text.strip():
            self.refuse(field, _("Ce champ est obligatoire."))
        return text

    def web_address(self, field: str, value: str) -> str:
        """Returns an http or https URL without a user part (R48), empty when refused; the default scheme is https."""
        address = self.line(field, value, URL_MAX)
        if not address:
            return ""
        if _BARE_ADDRESS.match(address):
            address = f"https://{address}"
        try:
            parts = urlsplit(address)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
            good = good and parts.port != 0  # reading the port also rejects one that is not a number
        except ValueError:
            good = False
        if not good or " " in address:
            self.refuse(field, _("Indiquez une adresse qui commence par http:// ou https://."))
            return ""
        return address

    def done(self) -> None:
        if self.errors:
            raise Invalid(self.errors)


def search_words(value: str) -> str:
    """Returns the words of a search, on one line. Raises Invalid beyond 200 characters or with control characters."""
    checked = Input()
    words = checked.line("q", value, QUERY_MAX)
    checked.done()
    return words
