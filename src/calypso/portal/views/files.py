"""Downloads of attachments; access is checked at each request (R62, R63)."""

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from calypso.accounts.access import as_viewer
from calypso.base import files
from calypso.tickets.queries.ticket import get_attachment
from calypso.ui.errors import not_found


@require_safe
def attachment(request: HttpRequest, reference: str, key: str) -> HttpResponseBase:
    """Returns one file, always as a download, with headers that keep any content from executing (R63)."""
    file = get_attachment(as_viewer(request.user), reference, key)
    try:
        content = files.open_stored(file.stored)
    except FileNotFoundError:
        return not_found(request)
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.media_type)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
