"""Signing in and out, and the page that follows."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth import logout as end_session
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calypso.accounts.access import Viewer, as_viewer
from calypso.accounts.actions.signin import FORM, check_credentials
from calypso.accounts.queries import login_needs_captcha
from calypso.base import journal
from calypso.base.errors import Invalid
from calypso.signin import sessions
from calypso.signin.forms import LoginForm
from calypso.signin.views import second_factor
from calypso.tickets.queries.drafts import get_draft
from calypso.ui.htmx import render
from calypso.ui.networks import network_of_request
from calypso.ui.next_url import go_to, own_path
from calypso.vendor.texts import Name
from calypso.vendor.wording import written_text


def _next_path(request: HttpRequest) -> str:
    """Returns the path to go to after sign-in: the one asked for if it is of this site, else the first page (R38)."""
    return own_path(request.POST.get("next") or request.GET.get("next") or "") or resolve_url("home")


def _path_after_login(request: HttpRequest, person: Viewer) -> str:
    """Returns the path to go to once `person` is signed in, without the draft if it is another person's."""
    path = _next_path(request)
    key = parse_qs(urlsplit(path).query).get("brouillon", [""])[0]
    return path if not key or get_draft(person, key) != ({}, []) else path.partition("?")[0]


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The sign-in page (S1–S10)."""
    if request.user.is_authenticated:
        return go_to(_next_path(request))
    form, network = LoginForm(), network_of_request(request)
    status = 200
    if request.method == "POST":
        form = LoginForm(request.POST)
        try:
            form.accepted()
            person = check_credentials(
                email=form.text("email"),
                password=form.text("password"),
                network=network,
                captcha_answer=form.text("captcha"),
            )
        except Invalid as refusal:
            form.refuse(refusal)
            status = 422
        else:
            if person.two_factor:
                return second_factor.ask(
                    person, remember=form.flag("remember"), onward=_path_after_login(request, person)
                )
            sessions.start(request, person, remember=form.flag("remember"))
            return go_to(_path_after_login(request, person))
    context: dict[str, Any] = {
        "form": form,
        "next": _next_path(request) if request.GET.get("next") or request.POST.get("next") else "",
        "welcome": written_text(Name.WELCOME),
        "captcha_form": FORM if login_needs_captcha(network) else "",
    }
    return render(request, "signin/login.html", context, status=status)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session, on the server too (R36)."""
    journal.record("logout", actor=as_viewer(request.user).key)
    end_session(request)
    return redirect(resolve_url("signin:login") + "?fait=deconnecte")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Redirects to the first page of the person: the projects of a client, or the desk."""
    return redirect("portal:projects" if as_viewer(request.user).is_client else "desk:queue")
