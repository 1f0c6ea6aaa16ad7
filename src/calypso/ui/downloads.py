"""Answers that are files."""

from typing import Any

from django.http import JsonResponse


def json_download(name: str, data: dict[str, Any]) -> JsonResponse:
    """`data` as the file `name`, which the browser keeps rather than shows."""
    answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
