"""Responses that are files to download."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from calypso.base.sheets import Sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def json_download(name: str, data: dict[str, Any]) -> JsonResponse:
    """Returns `data` as a JSON download named `name`."""
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def workbook(name: str, *sheets: Sheet) -> HttpResponse:
    """Returns the sheets as a workbook named `name`.

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
    response = HttpResponse(content.getvalue(), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
