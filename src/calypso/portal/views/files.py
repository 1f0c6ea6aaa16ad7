"""Attachments and their pictures; access is checked at each request (R62, R63)."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from calypso.accounts.access import as_viewer
from calypso.base import files
from calypso.base.errors import NotVisible
from calypso.tickets.queries.files import SeenPicture, get_attachment, get_draft_picture, get_picture
from calypso.ui.errors import not_found

SIZES = {"vignette": "thumbnail", "vue": "view"}
STILL_MADE = 202  # asked again a moment later


@require_safe
def attachment(request: HttpRequest, reference: str, key: str) -> HttpResponseBase:
    """Returns one file, always as a download, with headers that keep any content from executing (R63)."""
    file = get_attachment(as_viewer(request.user), reference, key)
    try:
        content = files.open_stored(file.stored)
    except FileNotFoundError:
        return not_found(request)
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.media_type)
    response.headers["Cache-Control"] = "private, no-store"
    return _sealed(response)


@require_safe
def picture(request: HttpRequest, reference: str, key: str, size: str) -> HttpResponseBase:
    """Returns a picture of one file, made of its pixels alone (R69, R74)."""
    return _picture(request, get_picture(as_viewer(request.user), reference, key), size)


@require_safe
def draft_picture(request: HttpRequest, form_key: str, key: str, size: str) -> HttpResponseBase:
    """Returns a picture of one file of the viewer's own draft."""
    return _picture(request, get_draft_picture(as_viewer(request.user), form_key, key), size)


def _picture(request: HttpRequest, picture: SeenPicture, size: str) -> HttpResponseBase:
    """Returns the picture; 202 while it is being made. A browser keeps it, and asks each time whether it may."""
    if size not in SIZES:
        raise NotVisible
    if not picture.is_ready:
        return HttpResponse(status=STILL_MADE)
    name = getattr(picture, SIZES[size])
    etag = f'"{name}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = FileResponse(files.open_stored(name), content_type="image/webp")
        except FileNotFoundError:
            return not_found(request)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return _sealed(response, "style-src 'unsafe-inline'")


def _sealed(response: HttpResponseBase, *allowed: str) -> HttpResponseBase:
    """Adds the headers that keep any content from executing, and other sites from using it (R63).

    `allowed` is what a browser needs besides: it lays out a picture opened alone with a style of its own.
    """
    response.headers["Content-Security-Policy"] = "; ".join(["sandbox", "default-src 'none'", *allowed])
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
