"""Answers that are files."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from xlsxwriter import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
type Cell = str | int | datetime | None


def json_download(name: str, data: dict[str, Any]) -> JsonResponse:
    """`data` as the file `name`, which the browser keeps rather than shows."""
    answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def spreadsheet(name: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """One sheet as the file `name`: texts stay texts, whatever they begin with (R60); instants are local."""
    content = BytesIO()
    book = Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, instant = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet = book.add_worksheet(title[:31])
    sheet.write_row(0, 0, heads, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, timezone.localtime(cell).replace(tzinfo=None), instant)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell)
            else:
                sheet.write_string(number, column, cell or "")
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    answer = HttpResponse(content.getvalue(), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
