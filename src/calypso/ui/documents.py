"""Pages as PDF documents, where the `pdf` extra is installed; elsewhere people print the page."""

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
    """Returns whether this installation can write PDF documents."""
    if find_spec("weasyprint") is None:
        return False
    try:
        import weasyprint  # noqa: F401 - costs a second and system libraries: only where it is used
    except OSError:
        return False
    return True


def pdf(request: HttpRequest, name: str, template: str, context: dict[str, Any]) -> HttpResponse:
    """Returns the rendered template as a PDF download named `name`. No URL in it is fetched (R61)."""
    from weasyprint import CSS, HTML

    page = HTML(string=render_to_string(template, context, request), url_fetcher=_refuse_url)
    content = page.write_pdf(stylesheets=[CSS(string=_style(), url_fetcher=_refuse_url)], pdf_variant="pdf/ua-1")
    response = HttpResponse(content, content_type=PDF)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _refuse_url(url: str) -> Any:
    raise ValueError(f"a document fetches nothing: {url}")


@cache
def _style() -> str:
    path = finders.find("calypso/document.css")
    assert isinstance(path, str)
    return Path(path).read_text(encoding=settings.DEFAULT_CHARSET)
