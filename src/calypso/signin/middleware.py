"""The middlewares of sessions: their lifetime, the second factor, unknown references.

They also keep what was typed in a form that is posted after its session ended.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url

from calypso.accounts.access import as_viewer, must_have_factor
from calypso.accounts.actions.lookups import count_unknown
from calypso.accounts.queries import account_of_form
from calypso.base.errors import DomainError, NotVisible, TooOften
from calypso.base.form_accounts import FIELD, signed_account
from calypso.base.text import is_key
from calypso.signin import sessions
from calypso.tickets.actions import drafts
from calypso.tickets.queries.drafts import draft_purpose
from calypso.ui.errors import bad_request, expired, signed_out, too_often
from calypso.ui.forms import typed_texts, uploads, written_texts
from calypso.ui.networks import network_of_request
from calypso.ui.next_url import own_path

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_WITHOUT_PROOF = {"signin:second_factor", "signin:add_factor", "signin:logout"}


class OwnSessionMiddleware(SessionMiddleware):
    """Django's, but ignores a cookie that cannot be a key: one with a NUL would raise in PostgreSQL (R53)."""

    def process_request(self, request: HttpRequest) -> None:
        if not is_key(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        super().process_request(request)


class SessionLifetimeMiddleware:
    """Ends a session that was idle or lived too long (R35); records the visit of any other."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            if sessions.has_expired(request):
                logout(request)
            else:
                sessions.touch(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Lets a person without a required second factor only add one or sign out (R44)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        viewer = getattr(request, "impersonator", None) or as_viewer(request.user)  # the person at the keyboard
        if viewer.two_factor or not must_have_factor(viewer):
            return None
        match = request.resolver_match
        if match and match.view_name in _WITHOUT_PROOF:
            return None
        if _is_script_request(request):
            return _load_whole_page(resolve_url("signin:second_factor"))
        if request.method == "POST" and (resume_path := held(request)):
            request.session[sessions.RESUME] = resume_path  # resumed once the factor is added (C8)
        return redirect("signin:second_factor")


class UnknownReferenceMiddleware:
    """Limits how often a person may ask for what they do not see (R20), whether absent or hidden."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotVisible) or not request.user.is_authenticated:
            return None
        try:
            member = getattr(request, "impersonator", None)  # the attempts of an impersonator are their own
            count_unknown(member or as_viewer(request.user), network=network_of_request(request))
        except TooOften as refusal:
            return too_often(request, refusal.retry_after, signed_in=True)
        return None


class HeldFormMiddleware:
    """Redirects a person who is not signed in to the sign-in page, and back afterwards (R120, C8).

    What was typed in a posted form is stored, or given back in a page when nothing stores it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if request.headers.get(sessions.LIVE_HEADER):
            return HttpResponse(status=401)  # a page's own refresh: a redirect would lose what is being typed
        if _is_script_request(request):
            page_path = _own_path_of(request.headers.get("HX-Current-URL", ""))
            return _load_whole_page(_sign_in_then(page_path))
        return _without_session(request) if request.method == "POST" else None


def _without_session(request: HttpRequest) -> HttpResponse:
    """Answers a form that was posted after its session ended, so that nobody takes it for done."""
    if resume_path := held(request):
        return HttpResponseRedirect(_sign_in_then(resume_path))
    page_path = _own_path_of(request.headers.get("Referer", ""))
    if written_texts(request):  # no draft stores this form: its texts are shown to be copied
        return signed_out(request, _sign_in_then(page_path))
    return HttpResponseRedirect(_sign_in_then(f"{page_path}?fait=rien-fait" if page_path else ""))


def _sign_in_then(path: str) -> str:
    """Returns the address of the sign-in page, which leads to `path` afterwards when there is one."""
    login_path = resolve_url("signin:login")
    return f"{login_path}?{urlencode({'next': path})}" if path else login_path


def _own_path_of(address: str) -> str:
    """Returns the path of a page of this site in an address sent by a browser; empty for anything else."""
    try:
        return own_path(urlsplit(address).path)
    except ValueError:
        return ""


def _is_script_request(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers or request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _load_whole_page(address: str) -> HttpResponse:
    """Returns a response that makes htmx load a whole page, since a part of a page cannot be replaced by one."""
    return HttpResponse(status=401, headers={"HX-Redirect": address})


def held(request: HttpRequest) -> str:
    """Stores the text and files of a posted form for the account it was shown to; returns where it can be resumed.

    If somebody else is signed in, the address returned only tells them that it is kept for another. Empty when the form
    names no account: the name is signed, so that nobody can fill another's drafts.
    """
    try:
        person = account_of_form(signed_account(request.POST.get(FIELD, "")))
        purpose = draft_purpose(request.POST.get("forme", "comment"))
        key, return_path = request.POST.get("cle", ""), own_path(request.POST.get("retour", ""))
        if not return_path:
            return ""
        drafts.keep_text(person, form_key=key, purpose=purpose, fields=typed_texts(request), page=return_path)
    except DomainError:
        return ""
    drafts.keep_files(person, form_key=key, purpose=purpose, uploads=uploads(request))
    is_other_account = request.user.is_authenticated and request.user.pk != person.pk
    parameters = {"fait": "conserve-autre"} if is_other_account else {"brouillon": key, "fait": "conserve"}
    return f"{return_path.partition('?')[0]}?{urlencode(parameters)}"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Stores the text of a form whose CSRF token expired and shows it again; refuses any other request (R120)."""
    if not request.POST:
        return bad_request(request)
    resume_path = held(request) if request.POST.get(FIELD) else ""
    return HttpResponseRedirect(resume_path) if resume_path else expired(request)
