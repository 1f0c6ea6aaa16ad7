"""Responses that are files to download."""

from typing import Any

from django.http import HttpResponse, JsonResponse

from calypso.base.sheets import Sheet, workbook_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def json_download(name: str, data: dict[str, Any]) -> JsonResponse:
    """Returns `data` as a JSON download named `name`."""
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def workbook(name: str, *sheets: Sheet) -> HttpResponse:
    """Returns the sheets as a workbook named `name`."""
    return workbook_download(name, workbook_of(*sheets))


def workbook_download(name: str, content: bytes) -> HttpResponse:
    """Returns a workbook, made before, as a download named `name`."""
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
