"""The mails of the installation: sent, waiting, failed (R78, R156)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST, require_safe

from calypso.accounts.access import Viewer
from calypso.accounts.actions.people import retry_email, send_waiting_emails
from calypso.accounts.queries import get_email, outbox_page
from calypso.base.chosen import chosen
from calypso.base.errors import Invalid
from calypso.base.paging import page_of
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import AnswerForm
from calypso.mailin.queries import answers_to
from calypso.mailin.trial import answer_as_reader, may_be_answered
from calypso.outbox.pause import is_paused
from calypso.ui.forms import page_number


@require_safe
@for_staff
def emails(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the mails, newest first, all of them or by state."""
    state = request.GET.get("etat", "")
    page = page_of(outbox_page(viewer, state), page_number(request), chosen("LIST_PAGE_SIZE"))
    context = {
        "nav": "emails",
        "page": page,
        "state": state,
        "waiting": outbox_page(viewer, "waiting").count(),
        "configured": bool(settings.MAILERS),
        "paused": is_paused(),
    }
    return desk_page(request, viewer, "emails", context)


@require_safe
@for_staff
def email(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows the text of one mail as its recipient reads it; a one-time link is never shown (R18)."""
    return _page(request, viewer, key, AnswerForm())


def _page(request: HttpRequest, viewer: Viewer, key: str, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    shown = get_email(viewer, key)
    context = {"nav": "emails", "email": shown, "answers": answers_to(shown.key), "form": form}
    context["may_be_answered"] = may_be_answered(shown)
    return desk_page(request, viewer, "email", context, status=status)


@require_POST
@for_staff
def answer(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Answers the mail in its reader's place, where no mail leaves: to try what becomes of it."""
    form = AnswerForm(request.POST)
    try:
        answer_as_reader(viewer, email=get_email(viewer, key), words=form.accepted().text("answer"))
    except Invalid as refusal:
        return _page(request, viewer, key, form.refuse(refusal), status=422)
    return redirect(resolve_url("desk:email", key) + "?fait=essai-repondu")


@require_POST
@for_staff
def send_waiting(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Makes all the mails that wait for a retry leave now."""
    send_waiting_emails(viewer)
    return redirect(resolve_url("desk:emails") + "?fait=relances")


@require_POST
@for_staff
def retry(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Puts a failed mail back in the queue."""
    retry_email(viewer, key=key)
    return redirect(resolve_url("desk:email", key) + "?fait=relance")
