"""What guards a session: its life, its second proof, its curiosity, and the form that was posted after its end."""

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
from calypso.ui.errors import bad_request, forbidden, signed_out, too_often
from calypso.ui.forms import NOT_TEXT, uploads, written_texts
from calypso.ui.networks import network_of_request
from calypso.ui.next_url import own_path

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_WITHOUT_PROOF = {"signin:second_factor", "signin:add_factor", "signin:logout"}


class OwnSessionMiddleware(SessionMiddleware):
    """Django's, for cookies that may hold a key of ours: one that holds a NUL would break PostgreSQL (R53)."""

    def process_request(self, request: HttpRequest) -> None:
        if not is_key(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        super().process_request(request)


class SessionLifetimeMiddleware:
    """Ends a session that idled or lived too long (R35); notes the visit of one that goes on."""

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
    """Where the installation demands a second proof, a person without one can only add it or leave (R44)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        viewer = getattr(request, "impersonator", None) or as_viewer(request.user)  # who is at the keyboard
        if viewer.two_factor or not must_have_factor(viewer):
            return None
        match = request.resolver_match
        if match and match.view_name in _WITHOUT_PROOF:
            return None
        if _by_script(request):
            return _whole_page(resolve_url("signin:second_factor"))
        if request.method == "POST" and (back := held(request)):
            request.session[sessions.RESUME] = back  # what was typed is taken up again once the proof is added (C8)
        return redirect("signin:second_factor")


class UnknownReferenceMiddleware:
    """Slows whoever asks again and again for what they do not see (R20); absent and hidden count alike."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotVisible) or not request.user.is_authenticated:
            return None
        try:
            member = getattr(request, "impersonator", None)  # who looks with a contact's eyes counts for themself
            count_unknown(member or as_viewer(request.user), network=network_of_request(request))
        except TooOften as refusal:
            return too_often(request, refusal.retry_after, signed_in=True)
        return None


class HeldFormMiddleware:
    """Keeps what was typed in a form whose session has ended, then asks to sign in and comes back to it (R120, C8)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        login = resolve_url("signin:login")
        if request.headers.get(sessions.LIVE_HEADER):
            return HttpResponse(status=401)  # asked by the page itself: it takes nobody away from what they write
        if _by_script(request):
            shown = _path_in(request.headers.get("HX-Current-URL", ""))
            return _whole_page(f"{login}?{urlencode({'next': shown})}" if shown else login)
        if request.method == "POST":
            back = held(request) or _path_in(request.headers.get("Referer", ""))
            away = f"{login}?{urlencode({'next': back})}" if back else login
            if "brouillon=" not in back and written_texts(request):
                return signed_out(request, away)  # nothing keeps this form: its texts are given back
            return HttpResponseRedirect(away)
        return None


def _path_in(address: str) -> str:
    """The path of a page of ours in an address that a browser sent; empty for anything else."""
    try:
        return own_path(urlsplit(address).path)
    except ValueError:
        return ""


def _by_script(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers or request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _whole_page(address: str) -> HttpResponse:
    """A part of a page cannot become another page: the browser takes the whole of it there."""
    return HttpResponse(status=401, headers={"HX-Redirect": address})


def held(request: HttpRequest) -> str:
    """Keeps the text and files of a posted form for the account it was shown to; returns where it can be resumed.

    Somebody else who is signed in here is told that it is kept for another. Empty when the form names no account of
    ours: the name is signed, so nobody can fill another's drafts.
    """
    try:
        person = account_of_form(signed_account(request.POST.get(FIELD, "")))
        purpose = draft_purpose(request.POST.get("forme", "comment"))
        key, back = request.POST.get("cle", ""), own_path(request.POST.get("retour", ""))
        if not back:
            return ""
        fields = {name: str(value) for name, value in request.POST.items() if name not in NOT_TEXT}
        drafts.keep_text(person, form_key=key, purpose=purpose, fields=fields, page=back)
    except DomainError:
        return ""
    drafts.keep_files(person, form_key=key, purpose=purpose, uploads=uploads(request))
    is_another_s = request.user.is_authenticated and request.user.pk != person.pk
    told = {"fait": "conserve-autre"} if is_another_s else {"brouillon": key, "fait": "conserve"}
    return f"{back.partition('?')[0]}?{urlencode(told)}"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose protection expired: its text is kept and shown again; anything else is refused (R120)."""
    if not request.POST.get(FIELD):
        return forbidden(request) if request.POST else bad_request(request)
    back = held(request)
    return HttpResponseRedirect(back) if back else forbidden(request)
