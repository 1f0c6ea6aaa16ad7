"""Pages as PDF documents, where the installation has what writes them (the `pdf` extra); elsewhere people print."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

PDF = "application/pdf"


@cache
def writes_pdf() -> bool:
    """Whether PDF documents can be written here."""
    if find_spec("weasyprint") is None:
        return False
    try:
        import weasyprint  # noqa: F401 - costs a second and system libraries: only where it is used
    except OSError:
        return False
    return True


def pdf(request: HttpRequest, name: str, template: str, context: dict[str, Any]) -> HttpResponse:
    """The template as the file `name`, which the browser keeps. No address in it is followed (R61)."""
    from weasyprint import CSS, HTML

    page = HTML(string=render_to_string(template, context, request), url_fetcher=_nothing)
    content = page.write_pdf(stylesheets=[CSS(string=_style(), url_fetcher=_nothing)], pdf_variant="pdf/ua-1")
    answer = HttpResponse(content, content_type=PDF)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _nothing(address: str) -> Any:
    raise ValueError(f"a document fetches nothing: {address}")


@cache
def _style() -> str:
    found = finders.find("calypso/document.css")
    assert isinstance(found, str)
    return Path(found).read_text(encoding=settings.DEFAULT_CHARSET)
