"""The session of a sign-in: its start, its visits, its end (R33, R35)."""

import time

from django.contrib.auth import login
from django.http import HttpRequest

from calypso.accounts.access import as_viewer
from calypso.accounts.sessions import (
    DEVICE_FIELD,
    REMEMBER_FIELD,
    SEEN_FIELD,
    STARTED_FIELD,
    USER_FIELD,
    is_over,
    limits,
)

LIVE_HEADER = "X-Calypso-Live"  # sent by a page that refreshes itself
RESUME = "resume"  # session field: where to resume a form that a missing second factor interrupted
TOUCH = 300  # seconds: the date of the last visit is written at most this often


def start(request: HttpRequest, viewer: object, *, remember: bool) -> None:
    """Signs the person in, with a new session id (R33). « Se souvenir de moi » has no effect for the team."""
    person = as_viewer(viewer)
    is_remembered = remember and person.is_client
    login(request, person)
    now = time.time()
    session = request.session
    session[USER_FIELD] = person.pk
    session[STARTED_FIELD] = session[SEEN_FIELD] = now
    session[REMEMBER_FIELD] = is_remembered
    session[DEVICE_FIELD] = device_of(request.headers.get("User-Agent", ""))
    session.set_expiry(limits(staff=False, remembered=True)[1] if is_remembered else 0)


def has_expired(request: HttpRequest) -> bool:
    """Returns whether the session of a signed-in person is over, by idleness or by age."""
    return is_over(request.session, staff=not as_viewer(request.user).is_client)


def touch(request: HttpRequest) -> None:
    """Records the date of the visit. A page that refreshes itself is not a visit (R35)."""
    if LIVE_HEADER in request.headers:
        return
    if time.time() - request.session.get(SEEN_FIELD, 0) > TOUCH:
        request.session[SEEN_FIELD] = time.time()


def device_of(agent: str) -> str:
    """Returns the browser and the system of a User-Agent, as their owner knows them."""
    browsers = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "macOS"}
    browser = next((name for mark, name in browsers.items() if mark in agent), "Navigateur")
    system = next((name for mark, name in systems.items() if mark in agent), "Linux" if "Linux" in agent else "")
    return f"{browser} · {system}" if system else browser
