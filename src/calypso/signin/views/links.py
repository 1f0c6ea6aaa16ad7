"""First connection and forgotten password: asking for the link, opening it, choosing the password (S14–S25)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from calypso.accounts.access import Viewer, as_viewer
from calypso.accounts.actions.passwords import ask_link, choose_password, person_behind
from calypso.accounts.links import Purpose
from calypso.accounts.queries import password_sentence
from calypso.base.errors import Invalid, NotVisible
from calypso.signin import sessions
from calypso.signin.forms import ChooseForm, LinkForm
from calypso.signin.views import second_factor
from calypso.ui.htmx import render
from calypso.ui.networks import network_of_request
from calypso.ui.next_url import go_to

COOKIE = "lien"
COOKIE_PATH = "/mot-de-passe/"
HOUR = 3600


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def first_connection(request: HttpRequest) -> HttpResponse:
    """« Première connexion », step 1 (S14–S17)."""
    return _request_link_page(request, "signin/first_connection.html", "premiere-connexion")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """« Demande de réinitialisation de mot de passe », step 1 (S22, S23)."""
    return _request_link_page(request, "signin/forgotten.html", "mot-de-passe-oublie")


def _request_link_page(request: HttpRequest, template: str, captcha_form: str) -> HttpResponse:
    """Returns the same answer for every address, known or not (R22)."""
    form, is_requested, status = LinkForm(), False, 200
    if request.method == "POST":
        form = LinkForm(request.POST)
        try:
            form.accepted()
            ask_link(
                email=form.text("email"),
                network=network_of_request(request),
                captcha_answer=form.text("captcha"),
                form=captcha_form,
            )
            is_requested = True
        except Invalid as refusal:
            form.refuse(refusal)
            status = 422
    context = {"form": form, "asked": is_requested, "captcha_form": captcha_form, "rule": password_sentence()}
    return render(request, template, context, status=status)


@login_not_required
@require_safe
def open_link(request: HttpRequest, purpose: str, token: str) -> HttpResponse:
    """Moves the token from the URL to a cookie. Uses nothing up: a scanner may open the link first (R25)."""
    response = redirect("signin:choose")
    response.set_cookie(
        COOKIE,
        f"{purpose}/{token}",
        max_age=HOUR,
        path=COOKIE_PATH,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Step 2 of both: the password, twice (S19, S25). All dead links have the same page (R24)."""
    name, _, token = request.COOKIES.get(COOKIE, "").partition("/")
    purpose = Purpose(name) if name in list(Purpose) else Purpose.RESET
    try:
        person = person_behind(purpose=purpose, token=token)
    except NotVisible:
        return _dead_link_page(request, purpose)
    form, status = ChooseForm(), 200
    if request.method == "POST":
        form = ChooseForm(request.POST)
        try:
            form.accepted()
            chosen = choose_password(
                purpose=purpose,
                token=token,
                password=form.text("password"),
                confirmation=form.text("confirmation"),
                network=network_of_request(request),
            )
        except NotVisible:
            return _dead_link_page(request, purpose)
        except Invalid as refusal:
            form.refuse(refusal)
            status = 422
        else:
            response = _enter(request, chosen)
            response.delete_cookie(COOKIE, path=COOKIE_PATH)
            return response
    context = {
        "form": form,
        "person": person,
        "first": purpose is Purpose.FIRST_CONNECTION,
        "rule": password_sentence(person),
    }
    return _without_referrer(render(request, "signin/choose.html", context, status=status))


def _enter(request: HttpRequest, chosen: Viewer) -> HttpResponse:
    """Signs in who has just chosen a password, after the second factor where there is one.

    A person signed in with another account stays so: that account's first page says that it is done.
    """
    signed_in = request.user.is_authenticated
    person = as_viewer(request.user) if signed_in else chosen
    first_page = resolve_url("portal:projects" if person.is_client else "desk:queue")
    if signed_in:
        return go_to(f"{first_page}?fait=mot-de-passe-autre")
    onward = f"{first_page}?fait=mot-de-passe"
    if chosen.two_factor:
        return second_factor.ask(chosen, remember=False, onward=onward)
    sessions.start(request, chosen, remember=False)
    return go_to(onward)


def _dead_link_page(request: HttpRequest, purpose: Purpose) -> HttpResponse:
    context = {"first": purpose is Purpose.FIRST_CONNECTION}
    response = render(request, "signin/dead_link.html", context, status=410)
    response.delete_cookie(COOKIE, path=COOKIE_PATH)
    return _without_referrer(response)


def _without_referrer(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
