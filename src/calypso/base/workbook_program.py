"""A program that reads a workbook from its input and writes the rows of its sheets as JSON (see `isolation`).

It runs alone because a few bytes may declare billions of cells, which the library allocates at once.
"""

import datetime as dt
import json
import sys
import zipfile
from io import BytesIO
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook

from calypso.base.isolation import bound_memory

MOST_SHEETS = 20
MOST_HEIGHT = 10_000  # rows of a sheet, blank rows included
MOST_COLUMNS = 200
UNPACKED = 40 * 2**20  # most unpacked bytes of a workbook: beyond, it is a decompression bomb


class Locked(Exception):
    """A password protects the workbook."""


def main() -> None:
    """Answers with the sheets, each with its name and rows, or with an error."""
    bound_memory()
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(_repacked(sys.stdin.buffer.read())))
        answer: dict[str, object] = {"sheets": [[name, _rows(book, name)] for name in book.sheet_names[:MOST_SHEETS]]}
    except Locked:
        answer = {"error": "password"}
    except (CalamineError, zipfile.BadZipFile, NotImplementedError, ValueError):
        answer = {"error": "unreadable"}
    sys.stdout.write(json.dumps(answer))


def _repacked(content: bytes) -> bytes:
    """Returns the workbook with its entries unpacked, read up to the length that each declares.

    What the library then reads is no longer than what was measured, whatever the archive pretended. Raises Locked.
    """
    if not content.startswith(b"PK"):
        return content
    plain = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as archive, zipfile.ZipFile(plain, "w") as copy:
        if sum(entry.file_size for entry in archive.infolist()) > UNPACKED:
            raise ValueError("unpacks to too much")
        for entry in archive.infolist():
            content = archive.read(entry)
            if entry.filename == "META-INF/manifest.xml" and b"encryption-data" in content:
                raise Locked
            copy.writestr(entry.filename, content)
    return plain.getvalue()


def _rows(book: CalamineWorkbook, name: str) -> list[list[str]]:
    """Returns the rows of a sheet from its first line, at most one more than `MOST_HEIGHT`."""
    rows = islice(book.get_sheet_by_name(name).iter_rows(), MOST_HEIGHT + 1)
    return [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


if __name__ == "__main__":
    main()
