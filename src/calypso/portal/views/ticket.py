"""One ticket: details, conversation, comment, return, close (S72–S82, S86–S87, S94–S99)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST, require_safe

from calypso.accounts.access import Viewer, as_viewer
from calypso.base.errors import Conflict, Invalid, Unconfirmed
from calypso.base.uploads import accepted_extensions
from calypso.portal.doors import for_clients
from calypso.portal.forms import ComposerForm
from calypso.tickets.actions import drafts
from calypso.tickets.actions.acting import act
from calypso.tickets.queries.rows import get_ticket
from calypso.tickets.queries.service import sides_of
from calypso.tickets.queries.ticket import draft_purpose, get_draft, ticket_page
from calypso.ui.forms import form_key, uploads
from calypso.ui.htmx import render

COMMENT = draft_purpose("comment")
DONE = {"comment": "commente", "return": "retourne", "close": "clos"}


@require_safe
def ticket(request: HttpRequest, reference: str) -> HttpResponse:
    """The page of a ticket. « Voir Ticket » of every mail leads here; the team is taken to its desk (S129)."""
    viewer = as_viewer(request.user)
    if not viewer.is_client:
        return redirect("desk:ticket", reference)
    key = form_key(request)
    form = ComposerForm(initial=get_draft(viewer, key)[0])
    opened = "brouillon" in request.GET or "ajouter" in request.GET
    return _page(request, viewer, reference, form, key, composer_open=opened)


@require_POST
@for_clients
def send(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Adds a comment, returns or closes: one address, one form. A refusal keeps the text and the files (C4, C5)."""
    form, key = ComposerForm(request.POST), form_key(request)
    seen = get_ticket(viewer, reference)
    refused = drafts.keep_files(viewer, form_key=key, purpose=COMMENT, uploads=uploads(request))
    if request.POST.get("retirer"):
        drafts.remove_file(viewer, form_key=key, key=request.POST["retirer"])
        return _page(request, viewer, reference, ComposerForm(initial=form.typed()), key, composer_open=True)
    try:
        form.accepted()
        if refused:
            raise Invalid({"attachments": refused})
        act(
            viewer,
            ticket=seen,
            name=form.text("act"),
            seen_version=form.number("version"),
            body=form.text("body"),
            form_key=key,
            confirmed=form.flag("confirmed"),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(request, viewer, reference, form, key, composer_open=True, status=422)
    except Unconfirmed as doubt:
        return _page(request, viewer, reference, form, key, composer_open=True, doubt=doubt.message, status=409)
    except Conflict as conflict:
        return _page(request, viewer, reference, form, key, composer_open=True, conflict=conflict.message, status=409)
    return redirect(resolve_url("portal:ticket", reference) + f"?fait={DONE[form.text('act')]}")


def _page(
    request: HttpRequest,
    viewer: Viewer,
    reference: str,
    form: ComposerForm,
    key: str,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page of the ticket as it is now, with the composer as it was left."""
    page = ticket_page(viewer, reference)
    context = {
        "nav": "projects",
        "page": page,
        "ticket": page.ticket,
        "sides": sides_of(page.ticket),
        "form": form,
        "form_key": key,
        "kept": get_draft(viewer, key)[1],
        "most": settings.COMMENT_FILES,
        "max_mb": settings.FILE_MAX_MB,
        "accept": accepted_extensions(),
        "composer_open": False,
        "doubt": "",
        "conflict": "",
        **more,
    }
    template = "portal/ticket.html" if page.ticket.is_open else "portal/closed_ticket.html"
    return render(request, template, context, parts=("conversation",), status=status)
