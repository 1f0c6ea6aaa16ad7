"""« Voir comme »: a member of the team sees the extranet as a contact does, read only, for a while, on record (R18).

The session stays the member's own: their pages of the desk stay theirs, and nothing of the contact's account opens.
"""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from calypso.accounts.access import Viewer, as_viewer, must_have_factor
from calypso.accounts.queries import person_to_see
from calypso.ui.errors import read_only

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SESSION_FIELD, LIFE = "impersonation", 30 * 60  # the session's field, and the seconds that a look lasts
_OWN = {
    "status",
    "signin:logout",
    "signin:impersonate",
    "signin:stop_impersonating",
}  # besides the desk: what stays the member's own
_READ = {"home", "signin:help", "signin:privacy", "signin:terms"}  # besides the portal; what was told to them is theirs


def start(request: HttpRequest, person: Viewer) -> None:
    """From now on, for half an hour, the member's session shows the portal as `person` sees it."""
    request.session[SESSION_FIELD] = {"person": person.key, "until": time.time() + LIFE}


def stop(request: HttpRequest) -> str:
    """The portal is again what it is for the team; returns the key of the contact, empty when there was none."""
    asked = request.session.pop(SESSION_FIELD, None)
    return str(asked["person"]) if asked else ""


class ImpersonationMiddleware:
    """Lends the eyes of a contact to the pages of the portal, GET only; anything else of theirs is refused in words."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and SESSION_FIELD in request.session:
            refused = _lend(request)
            if refused is not None:
                return refused
        return self.get_response(request)


def _lend(request: HttpRequest) -> HttpResponse | None:
    member, asked = as_viewer(request.user), request.session[SESSION_FIELD]
    proven = member.two_factor or not must_have_factor(member)
    person = person_to_see(member, asked["person"]) if proven and time.time() < asked["until"] else None
    if person is None:  # the time is over, the right is lost, or the member must first prove who they are
        stop(request)
        return None
    name = _route(request)
    if name.startswith("desk:") or name in _OWN:
        return None
    person.is_lent, person.unseen = True, 0
    request.impersonator = member  # type: ignore[attr-defined]
    request.user = person
    structlog.contextvars.bind_contextvars(impersonator=member.key)
    readable = name.startswith("portal:") or name in _READ or not name
    return None if readable and request.method in ("GET", "HEAD") else read_only(request)


def _route(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
