"""Files: downloaded after a fresh check, uploaded one by one to a form that is not sent yet (R62–R68)."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import get_template
from django.views.decorators.http import require_POST, require_safe

from calypso.accounts.access import as_viewer
from calypso.base import files
from calypso.tickets.actions import drafts
from calypso.tickets.queries.ticket import draft_purpose, get_attachment, get_draft
from calypso.ui.errors import not_found
from calypso.ui.forms import uploads


@require_safe
def attachment(request: HttpRequest, reference: str, key: str) -> HttpResponseBase:
    """One file, always as a download, with headers that make any content inert (R63)."""
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


@require_POST
def draft_files(request: HttpRequest, purpose: str, form_key: str) -> HttpResponse:
    """Stores a file of a form and answers with the list of its files."""
    viewer = as_viewer(request.user)
    refused = drafts.keep_files(viewer, form_key=form_key, purpose=draft_purpose(purpose), uploads=uploads(request))
    if refused:
        return HttpResponse("\n".join(refused), status=422, content_type="text/plain; charset=utf-8")
    return _kept(request, purpose, form_key)


@require_POST
def draft_file_remove(request: HttpRequest, purpose: str, form_key: str, key: str) -> HttpResponse:
    """Takes a file back out and answers with the list of those left."""
    drafts.remove_file(as_viewer(request.user), form_key=form_key, key=key)
    return _kept(request, purpose, form_key)


def _kept(request: HttpRequest, purpose: str, form_key: str) -> HttpResponse:
    kept = get_draft(as_viewer(request.user), form_key)[1]
    context = {"form_key": form_key, "purpose": purpose, "kept": kept}
    return HttpResponse(get_template("portal/_kept_files.html").render(context, request))
