"""Reads the tables that people import: delimited text, workbooks, pages and address cards, as rows of texts."""

import json
from typing import NamedTuple

from calypso.base import address_cards, html_tables, isolation
from calypso.base.delimited import decoded, read_delimited
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.text import unmarked_line
from calypso.base.workbook_program import MOST_HEIGHT

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 1000
HEADING_ROWS = 20  # rows with a text among which the titles of the columns are looked for
MOST_LETTERS = 1_500_000  # characters that the page of the import carries
_MEGABYTES, _SECONDS = 1024, 15  # of the process that reads a workbook

_BEGINNING = 4096  # bytes that say what a text is
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Table(NamedTuple):
    """A sheet: its name, empty for a text, and its rows: trimmed texts, blank rows in place, none after the last."""

    name: str
    rows: list[list[str]]


def read_tables(content: bytes) -> list[Table]:
    """Returns the sheets of a workbook (XLSX, XLSM, XLSB, XLS, ODS), the tables of a page (HTML), or the one table of a
    delimited text or of an address book (vCard).

    The bytes say which it is. Sheets without a row are left out. Raises Invalid (`file`), which says
    what is at fault.
    """
    if len(content) > MOST_BYTES:
        raise _too_large()
    try:
        tables = _workbook(content) if content.startswith((_ZIP, _OLE)) else _texts(content)
    except ValueError:
        raise _unreadable() from None
    return _checked(tables)


def carried_tables(text: str) -> list[Table]:
    """Returns the tables that a page carried as JSON, with the limits of a file. Raises Invalid (`file`)."""
    try:
        tables = [Table(str(name), [[str(cell) for cell in row] for row in rows]) for name, rows in json.loads(text)]
        if not tables:
            raise ValueError("no table")
    except (ValueError, TypeError, RecursionError):
        raise Invalid({"file": [_("Choisissez un fichier.")]}) from None
    return _checked(tables)


def _texts(content: bytes) -> list[Table]:
    start = content[:_BEGINNING].lstrip(b"\xef\xbb\xbf")
    if html_tables.BEGINNING.match(start):
        tables = html_tables.read_html(decoded(content))
        return [
            Table(_("Tableau %(number)d") % {"number": number}, rows) for number, rows in enumerate(tables, start=1)
        ]
    if address_cards.BEGINNING.match(start):
        return [Table("", address_cards.read_cards(decoded(content)))]
    return [Table("", read_delimited(content))]


def _workbook(content: bytes) -> list[Table]:
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise _locked()
    try:
        read = json.loads(
            isolation.run("calypso.base.workbook_program", content, megabytes=_MEGABYTES, seconds=_SECONDS)
        )
    except isolation.Died:
        raise _unreadable() from None
    if read.get("error") == "password":
        raise _locked()
    if "error" in read:
        raise _unreadable()
    return [Table(name, rows) for name, rows in read["sheets"]]


def too_many_lines() -> Invalid:
    """Returns the refusal of a table with more lines than an import takes."""
    return Invalid({"file": [_("Au plus %(most)d lignes à la fois.") % {"most": MOST_ROWS}]})


def _too_large() -> Invalid:
    return Invalid({"file": [_("Ce fichier est trop grand : %(most)d Mo au plus.") % {"most": MOST_BYTES // 2**20}]})


def _unreadable() -> Invalid:
    return Invalid({"file": [_("Ce fichier n'est pas lisible : envoyez un tableau, XLSX, XLS, ODS ou CSV.")]})


def _locked() -> Invalid:
    return Invalid(
        {"file": [_("Ce classeur est protégé par un mot de passe : enregistrez-le sans, puis renvoyez-le.")]}
    )


def _checked(tables: list[Table]) -> list[Table]:
    """Returns the tables to offer: cleaned, with rows. The first is refused beyond the limits, others left out."""
    tables = [Table(name, [[unmarked_line(cell) for cell in row] for row in rows]) for name, rows in tables]
    filled = [table for table in tables if any(map(any, table.rows)) or len(table.rows) > MOST_HEIGHT]
    if not filled:
        raise Invalid({"file": [_("Ce fichier ne contient aucune ligne.")]})
    first, *others = filled
    if _is_tall(first):
        raise too_many_lines()
    left = MOST_LETTERS - _letters(first)
    if left < 0:
        raise _too_large()
    offered = [first]
    for table in others:
        left -= _letters(table)
        if left >= 0 and not _is_tall(table):
            offered.append(table)
    for table in offered:
        while table.rows and not any(table.rows[-1]):
            table.rows.pop()
    return offered


def _is_tall(table: Table) -> bool:
    """Whether the table cannot be imported, wherever its titles are: `importing` counts its lines once it knows."""
    return len(table.rows) > MOST_HEIGHT or sum(map(any, table.rows)) > MOST_ROWS + HEADING_ROWS


def _letters(table: Table) -> int:
    return sum(len(cell) + 3 for row in table.rows for cell in row)
