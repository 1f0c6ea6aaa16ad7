"""What is being written and not sent: kept as one types, thrown away, its files stored one by one (R66–R68)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.loader import get_template
from django.views.decorators.http import require_POST

from calypso.accounts.access import as_viewer
from calypso.base.i18n import gettext as _
from calypso.tickets.actions import drafts
from calypso.tickets.queries.drafts import draft_purpose, get_draft
from calypso.ui.formats import as_hour
from calypso.ui.forms import NOT_TEXT, uploads
from calypso.ui.returning import go_to, own_path


@require_POST
def text(request: HttpRequest, purpose: str, form_key: str) -> HttpResponse:
    """Keeps what is being typed in a form and says when; empty when there was nothing to keep."""
    fields = {name: str(value) for name, value in request.POST.items() if name not in NOT_TEXT}
    kept = drafts.keep_as_typed(
        as_viewer(request.user),
        form_key=form_key,
        purpose=draft_purpose(purpose),
        fields=fields,
        page=_page_of(request),
    )
    said = _("Brouillon enregistré à %(hour)s") % {"hour": as_hour(kept.kept_at)} if kept else ""
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@require_POST
def drop(request: HttpRequest, purpose: str, form_key: str) -> HttpResponse:
    """Throws a draft away and goes back to its page."""
    drafts.drop_draft(as_viewer(request.user), form_key=form_key)
    return go_to(_page_of(request) or resolve_url("home"))


@require_POST
def files(request: HttpRequest, purpose: str, form_key: str) -> HttpResponse:
    """Stores a file of a form and answers with the list of its files."""
    viewer = as_viewer(request.user)
    refused = drafts.keep_files(viewer, form_key=form_key, purpose=draft_purpose(purpose), uploads=uploads(request))
    if refused:
        return HttpResponse("\n".join(refused), status=422, content_type="text/plain; charset=utf-8")
    return _kept(request, purpose, form_key)


@require_POST
def remove_file(request: HttpRequest, purpose: str, form_key: str, key: str) -> HttpResponse:
    """Takes a file back out and answers with the list of those left."""
    drafts.remove_file(as_viewer(request.user), form_key=form_key, key=key)
    return _kept(request, purpose, form_key)


def _kept(request: HttpRequest, purpose: str, form_key: str) -> HttpResponse:
    kept = get_draft(as_viewer(request.user), form_key)[1]
    context = {"form_key": form_key, "purpose": purpose, "kept": kept}
    return HttpResponse(get_template("portal/_kept_files.html").render(context, request))


def _page_of(request: HttpRequest) -> str:
    """The page that shows the form, as it names itself; empty for anything but a path of ours (R38)."""
    return own_path(request.POST.get("retour", ""))
