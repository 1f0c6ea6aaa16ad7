"""« Mon profil »: name, language, password, sessions."""

from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calypso.accounts.access import as_viewer
from calypso.accounts.actions import passwords, signin
from calypso.accounts.actions.people import change_own_profile
from calypso.accounts.privacy import personal_data
from calypso.accounts.queries import password_sentence, sessions_page
from calypso.base.errors import Invalid
from calypso.signin.forms import PasswordForm, ProfileForm
from calypso.ui.downloads import json_download
from calypso.ui.frames import framed
from calypso.ui.htmx import render
from calypso.ui.networks import network_of_request


def _page(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    viewer = as_viewer(request.user)
    values = {name: getattr(viewer, name) for name in ProfileForm.base_fields}
    context = {
        "profile": ProfileForm(initial=values),
        "password": PasswordForm(),
        "rule": password_sentence(viewer),
        "sessions": sessions_page(viewer, request.session.session_key or ""),
        **forms,
    }
    return render(request, "signin/profile.html", framed(viewer, context), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Shows the profile page, and saves its first form: names and language."""
    if request.method != "POST":
        return _page(request)
    form = ProfileForm(request.POST)
    try:
        form.accepted()
        change_own_profile(as_viewer(request.user), **{name: form.text(name) for name in form.fields})
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(request, status=422, profile=form)
    return redirect(resolve_url("signin:profile") + "?fait=profil")


@require_safe
def personal(request: HttpRequest) -> HttpResponse:
    """Sends everything that the extranet stores about the person, as a JSON file (R130)."""
    viewer = as_viewer(request.user)
    return json_download("mes-donnees.json", personal_data(viewer, viewer))


@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Changes the password, then asks the person to sign in with it (R28)."""
    form = PasswordForm(request.POST)
    try:
        form.accepted()
        passwords.change_password(
            as_viewer(request.user),
            current=form.text("current"),
            password=form.text("password"),
            confirmation=form.text("confirmation"),
            network=network_of_request(request),
        )
    except Invalid as refusal:
        form.refuse(refusal)
        return _page(request, status=422, password=form)
    logout(request)
    return redirect(resolve_url("signin:login") + "?fait=mot-de-passe-change")


@require_POST
def end_session(request: HttpRequest, handle: str) -> HttpResponse:
    """Ends one of the person's sessions."""
    signin.end_session(as_viewer(request.user), handle=handle)
    return redirect(resolve_url("signin:profile") + "?fait=session")


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Ends the person's sessions except the current one."""
    signin.end_other_sessions(as_viewer(request.user), current_key=request.session.session_key or "")
    return redirect(resolve_url("signin:profile") + "?fait=sessions")
