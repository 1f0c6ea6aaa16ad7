"""Drafts of forms: saved while the person types, discarded on request, with files stored one by one (R66–R68)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.loader import get_template
from django.views.decorators.http import require_POST

from calypso.accounts.access import Viewer, as_viewer
from calypso.accounts.queries import account_of_form
from calypso.base.errors import NotVisible
from calypso.base.form_accounts import FIELD, signed_account
from calypso.base.i18n import gettext as _
from calypso.tickets.actions import drafts
from calypso.tickets.queries.drafts import draft_purpose, get_draft
from calypso.ui.formats import as_hour
from calypso.ui.forms import typed_texts, uploads
from calypso.ui.next_url import go_to, own_path


def _writer(request: HttpRequest) -> tuple[Viewer | None, bool]:
    """Returns the account whose draft a form is, and whether that account is the one signed in now.

    It is the account that the form was shown to or, if the form names none, the one signed in; None when there is no
    such account.
    """
    signed_in = as_viewer(request.user) if request.user.is_authenticated else None
    form_account = signed_account(request.POST.get(FIELD, ""))
    if not form_account:
        return signed_in, signed_in is not None
    try:
        writer = account_of_form(form_account)
    except NotVisible:
        return None, False
    return writer, writer == signed_in


@login_not_required  # a session that ends while somebody writes must not lose their text (R120)
@require_POST
def text(request: HttpRequest, purpose: str, form_key: str) -> HttpResponse:
    """Saves the text being typed in a form and returns the time of saving; empty when there was nothing to save.

    Answers 205 when the form was already sent, 401 when its account is not the one signed in: the text is still saved,
    for that account.
    """
    writer, is_signed_in = _writer(request)
    if writer is None:
        return _plain_text("", status=401)
    kind, page = draft_purpose(purpose), _page_of(request)
    if drafts.was_sent(writer, form_key=form_key):
        return _plain_text("", status=205)
    draft = drafts.keep_text(writer, form_key=form_key, purpose=kind, fields=typed_texts(request), page=page)
    if not is_signed_in:
        return _plain_text(
            _("Votre session a pris fin. Ce que vous écrivez est conservé : identifiez-vous pour l'envoyer."), 401
        )
    return _plain_text(_("Brouillon enregistré à %(hour)s") % {"hour": as_hour(draft.saved_at)} if draft else "")


def _plain_text(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


@require_POST
def drop(request: HttpRequest, purpose: str, form_key: str) -> HttpResponse:
    """Discards a draft and redirects to its page."""
    drafts.drop_draft(as_viewer(request.user), form_key=form_key)
    return go_to(_page_of(request) or resolve_url("home"))


@login_not_required
@require_POST
def files(request: HttpRequest, purpose: str, form_key: str) -> HttpResponse:
    """Stores a file of a form, for the account that the form was shown to, and returns the list of its files.

    It takes the place of the file that it replaces, if it names one: a picture in which something was blurred.
    """
    writer, _is_signed_in = _writer(request)
    if writer is None:
        return _plain_text("", status=401)
    refusals = drafts.keep_files(
        writer,
        form_key=form_key,
        purpose=draft_purpose(purpose),
        uploads=uploads(request),
        replaced=request.POST.get("remplace", ""),
    )
    if refusals:
        return _plain_text("\n".join(refusals), status=422)
    return _file_list(request, writer, purpose, form_key)


@require_POST
def remove_file(request: HttpRequest, purpose: str, form_key: str, key: str) -> HttpResponse:
    """Removes a file from a draft and returns the list of those left."""
    viewer = as_viewer(request.user)
    drafts.remove_file(viewer, form_key=form_key, key=key)
    return _file_list(request, viewer, purpose, form_key)


def _file_list(request: HttpRequest, writer: Viewer, purpose: str, form_key: str) -> HttpResponse:
    draft_files = get_draft(writer, form_key)[1]
    context = {"form_key": form_key, "purpose": purpose, "kept": draft_files}
    return HttpResponse(get_template("portal/_kept_files.html").render(context, request))


def _page_of(request: HttpRequest) -> str:
    """Returns the page that shows the form, as posted; empty for anything but a path of this site (R38)."""
    return own_path(request.POST.get("retour", ""))
