"""Tables to export, as sheets of a workbook."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import NamedTuple

from django.utils import timezone

type Cell = str | int | float | date | datetime | None


class Sheet(NamedTuple):
    """One sheet of a workbook to export."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def workbook_of(*sheets: Sheet) -> bytes:
    """Returns the sheets as the bytes of an `.xlsx` workbook.

    Texts stay texts, whatever they begin with (R60); instants are in local time.
    """
    from xlsxwriter import Workbook  # imported only when a workbook is exported

    content = BytesIO()
    book = Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    instant, day = (book.add_format({"num_format": shape}) for shape in ("dd/mm/yyyy hh:mm", "dd/mm/yyyy"))
    for sheet in sheets:
        page = book.add_worksheet(sheet.title[:31])
        page.write_row(0, 0, sheet.heads, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(number, column, timezone.localtime(cell).replace(tzinfo=None), instant)
                elif isinstance(cell, date):
                    page.write_datetime(number, column, cell, day)
                elif isinstance(cell, int | float):
                    page.write_number(number, column, cell)
                else:
                    page.write_string(number, column, cell or "")
        page.freeze_panes(1, 0)
        page.autofit()
    book.close()
    return content.getvalue()
