"""Reads tables to import, CSV or XLSX, as rows of text; describes the sheets of tables to export."""

import csv
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import NamedTuple

from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 1000
MOST_HEIGHT = 10 * MOST_ROWS  # most rows of a sheet, blank rows included
_UNPACKED = 40 * 1024 * 1024  # most unpacked bytes of a spreadsheet: beyond, it is a decompression bomb

type Cell = str | int | float | date | datetime | None


class Sheet(NamedTuple):
    """One sheet of a workbook to export."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def read_table(name: str, content: bytes) -> list[list[str]]:
    """Returns the rows of a CSV file, or of a workbook's first sheet: trimmed texts, blank rows kept in place.

    The extension of `name` says which of the two it is. Raises Invalid (`file`).
    """
    if len(content) > MOST_BYTES:
        raise Invalid({"file": [_("Ce fichier est trop grand : %(most)d Mo au plus.") % {"most": MOST_BYTES // 2**20}]})
    reader: Callable[[bytes], Sequence[Sequence[object]]] = _workbook if name.lower().endswith(".xlsx") else _csv
    try:
        rows = [[_text(cell) for cell in row] for row in reader(content)]
    except (zipfile.BadZipFile, NotImplementedError, csv.Error, UnicodeDecodeError, ValueError):
        raise Invalid({"file": [_("Ce fichier n'est pas lisible : envoyez un tableau CSV ou XLSX.")]}) from None
    while rows and not any(rows[-1]):
        rows.pop()
    return _check_size(rows)


def carried_table(text: str) -> list[list[str]]:
    """Returns the rows of a table that a page carried as JSON, with the limits of a file. Raises Invalid (`file`)."""
    try:
        rows = json.loads(text)
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise ValueError("not a table")
        return _check_size([[str(cell).encode("utf-8", "replace").decode() for cell in row] for row in rows])
    except (ValueError, RecursionError):
        raise Invalid({"file": [_("Choisissez un fichier.")]}) from None


def _check_size(rows: list[list[str]]) -> list[list[str]]:
    if sum(map(any, rows)) > MOST_ROWS + 1:
        raise Invalid({"file": [_("Au plus %(most)d lignes à la fois.") % {"most": MOST_ROWS}]})
    return rows


def _csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")  # the encoding that French spreadsheet software saves
    if "\x00" in text:
        raise ValueError("not a text")
    first = text.partition("\n")[0]
    return list(csv.reader(StringIO(text), delimiter=max(";,\t", key=first.count), strict=True))


def _workbook(content: bytes) -> Sequence[Sequence[object]]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _UNPACKED:
            raise ValueError("unpacks to too much")
    from python_calamine import CalamineError, CalamineWorkbook  # loaded only where a table is imported

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        if sheet.end and sheet.end[0] >= MOST_HEIGHT:
            raise Invalid({"file": [_("Au plus %(most)d lignes à la fois.") % {"most": MOST_ROWS}]})
        return sheet.to_python(skip_empty_area=False)
    except CalamineError as problem:
        raise ValueError("not a workbook") from problem


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()
