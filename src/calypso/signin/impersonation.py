"""« Voir comme »: a team member sees the extranet as a contact does, read only and recorded, for half an hour (R18).

The session remains the member's: they keep their pages of the desk, and no page of the contact's account opens.
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
SESSION_FIELD, LIFE = "impersonation", 30 * 60  # the session's field; seconds
# Routes, besides the desk, on which the member remains themself.
_OWN = {"status", "signin:logout", "signin:impersonate", "signin:stop_impersonating"}
# Routes, besides the portal, that show what the contact sees. Not the notifications, which are private.
_READ = {"home", "signin:help", "signin:privacy", "signin:terms"}


def start(request: HttpRequest, person: Viewer) -> None:
    """Shows the portal as `person` sees it in the member's session, for half an hour."""
    request.session[SESSION_FIELD] = {"person": person.key, "until": time.time() + LIFE}


def stop(request: HttpRequest) -> str:
    """Ends the impersonation; returns the key of the contact, empty when there was none."""
    impersonation = request.session.pop(SESSION_FIELD, None)
    return str(impersonation["person"]) if impersonation else ""


class ImpersonationMiddleware:
    """Sets `request.user` to the contact on the portal's pages, for GET and HEAD; refuses anything else with a page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and SESSION_FIELD in request.session:
            refusal = _impersonate(request)
            if refusal is not None:
                return refusal
        return self.get_response(request)


def _impersonate(request: HttpRequest) -> HttpResponse | None:
    member, impersonation = as_viewer(request.user), request.session[SESSION_FIELD]
    has_factor = member.two_factor or not must_have_factor(member)
    person = (
        person_to_see(member, impersonation["person"]) if has_factor and time.time() < impersonation["until"] else None
    )
    if person is None:  # the time is over, the right was lost, or the member must first add a second factor
        stop(request)
        return None
    route = _route_of(request)
    if route.startswith("desk:") or route in _OWN:
        return None
    person.is_lent, person.unseen = True, 0
    request.impersonator = member  # type: ignore[attr-defined]
    request.user = person
    structlog.contextvars.bind_contextvars(impersonator=member.key)
    is_readable = route.startswith("portal:") or route in _READ or not route
    return None if is_readable and request.method in ("GET", "HEAD") else read_only(request)


def _route_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
