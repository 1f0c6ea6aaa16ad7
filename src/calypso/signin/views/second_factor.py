"""The second factor: asked at sign-in, managed from the profile (decision 21, R44)."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST

from calypso.accounts.access import as_viewer, must_have_factor
from calypso.accounts.actions import mfa
from calypso.accounts.actions.passwords import confirm_password
from calypso.accounts.queries import account_of_form, second_factor_page, second_step
from calypso.base.errors import Conflict, Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.signin import sessions
from calypso.signin.forms import ConfirmForm, FactorForm
from calypso.ui.htmx import render
from calypso.ui.networks import network_of_request
from calypso.ui.next_url import go_to

COOKIE, COOKIE_PATH = "etape", "/connexion/"
LIFE = 600  # seconds between the password and the second factor, and between a confirmation and the change it allows
_SALT = "calypso.signin.step"
_CONFIRMED = "confirmed"


def ask(viewer: object, *, remember: bool, onward: str) -> HttpResponse:
    """Redirects a person whose password was right to the second page of sign-in; they are not signed in yet."""
    person = as_viewer(viewer)
    response = redirect("signin:second_step")
    value = signing.dumps([f"{person.key}.{person.stamp}", remember, onward], salt=_SALT)
    response.set_cookie(
        COOKIE, value, max_age=LIFE, path=COOKIE_PATH, secure=settings.SECURE, httponly=True, samesite="Lax"
    )
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest) -> HttpResponse:
    """The second page of sign-in: a code, or a passkey."""
    try:
        account, remember, onward = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFE)
        person = account_of_form(account)
    except (signing.BadSignature, ValueError, NotVisible):
        return redirect("signin:login")
    form, status = FactorForm(), 200
    if request.method == "POST":
        form = FactorForm(request.POST)
        network = network_of_request(request)
        try:
            form.accepted()
            if answer := form.text("answer"):
                mfa.check_passkey(person=person, token=form.text("token"), answer=answer, network=network)
            else:
                mfa.check_code(person=person, code=form.text("code"), network=network)
        except Invalid as refusal:
            form.refuse(refusal)
            status = 422
        else:
            sessions.start(request, person, remember=remember)
            response = go_to(onward)
            response.delete_cookie(COOKIE, path=COOKIE_PATH)
            return response
    return render(request, "signin/second_step.html", {"form": form, "step": second_step(person)}, status=status)


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    viewer, token = as_viewer(request.user), request.POST.get("token", "")
    confirmed = _is_confirmed(request)
    forms = {"confirm": ConfirmForm(), "app": FactorForm(), "passkey": FactorForm(), "codes": []}
    state = {
        "confirmed": confirmed,
        "compulsory": must_have_factor(viewer),
        "page": second_factor_page(viewer, token) if confirmed else None,
    }
    return render(request, "signin/second_factor.html", {**forms, **state, **context}, status=status)


def _is_confirmed(request: HttpRequest) -> bool:
    return bool(time.time() - request.session.get(_CONFIRMED, 0) < LIFE)


def _require_confirmed(request: HttpRequest) -> None:
    if not _is_confirmed(request):
        raise Conflict(_("Confirmez d'abord votre mot de passe, puis recommencez."))


@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest) -> HttpResponse:
    """« Double authentification »: shows the password form, then for ten minutes the factors."""
    if request.method != "POST":
        return _page(request)
    form = ConfirmForm(request.POST)
    try:
        form.accepted()
        confirm_password(as_viewer(request.user), current=form.text("current"), network=network_of_request(request))
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(request, status=422, confirm=form)
    request.session[_CONFIRMED] = time.time()
    return redirect("signin:second_factor")


@require_POST
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Adds an application or a passkey; with the first factor, shows the recovery codes once."""
    _require_confirmed(request)
    viewer, form, page_path = as_viewer(request.user), FactorForm(request.POST), resolve_url("signin:second_factor")
    session_key = request.session.session_key or ""
    try:
        form.accepted()
        token = form.text("token")
        if kind == "app":
            codes = mfa.add_app(viewer, token=token, code=form.text("code"), session_key=session_key)
        else:
            codes = mfa.add_passkey(
                viewer, token=token, answer=form.text("answer"), name=form.text("name"), session_key=session_key
            )
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(request, status=422, **{kind: form})
    if codes:
        return _page(request, codes=codes, onward=request.session.pop(sessions.RESUME, page_path))
    return redirect(f"{page_path}?fait=preuve")


@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    """Replaces the recovery codes, and shows the new ones once."""
    _require_confirmed(request)
    return _page(request, codes=mfa.renew_codes(as_viewer(request.user)))


@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Removes a second factor."""
    _require_confirmed(request)
    mfa.remove_factor(as_viewer(request.user), key=key)
    return redirect(resolve_url("signin:second_factor") + "?fait=preuve-retiree")
