"""Input checked field by field, so that a refusal names everything that is wrong at once (C4)."""

import re
from urllib.parse import urlsplit

from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.text import QUERY_MAX, URL_MAX, Unreadable, many_lines, one_line

_BARE_ADDRESS = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#]|$)")  # an address typed without its scheme


class Input:
    """Collects cleaned values and errors; `done()` raises Invalid when anything was refused."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def refuse(self, field: str, message: str) -> None:
        self.errors.setdefault(field, []).append(message)

    def line(self, field: str, value: str, limit: int, *, required: bool = False) -> str:
        """One line of text, at most `limit` code points."""
        try:
            text = one_line(value, limit)
        except Unreadable as problem:
            self.refuse(field, str(problem))
            return ""
        if required and not text:
            self.refuse(field, _("Ce champ est obligatoire."))
        return text

    def lines(self, field: str, value: str, limit: int, *, required: bool = False) -> str:
        """A block of text, at most `limit` code points."""
        try:
            text = many_lines(value, limit)
        except Unreadable as problem:
            self.refuse(field, str(problem))
            return ""
        if required and not text.strip():
            self.refuse(field, _("Ce champ est obligatoire."))
        return text

    def web_address(self, field: str, value: str) -> str:
        """An http or https address without a user part (R48); one without a scheme is taken as https."""
        address = self.line(field, value, URL_MAX)
        if not address:
            return ""
        if _BARE_ADDRESS.match(address):
            address = f"https://{address}"
        try:
            parts = urlsplit(address)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
            good = good and parts.port != 0  # reading the port also refuses one that is no number
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
    """What a person searches for, on one line. Raises Invalid beyond 200 characters or with control characters."""
    checked = Input()
    words = checked.line("q", value, QUERY_MAX)
    checked.done()
    return words
