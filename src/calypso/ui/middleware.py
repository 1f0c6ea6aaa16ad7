"""Middleware around every request: its id, the language, security headers, domain errors turned into pages."""

import secrets
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from calypso.base import journal
from calypso.base.errors import Conflict, DomainError, Forbidden, Invalid, NotVisible, TooOften
from calypso.ui import errors
from calypso.ui.networks import is_within
from calypso.ui.next_url import page_above

GetResponse = Callable[[HttpRequest], HttpResponseBase]
LANGUAGE_COOKIE = "langue"
HSTS_SECONDS = 365 * 86400


class ProxyMiddleware:
    """Takes the client's address and the scheme of the site from the headers of listed proxies only (R41)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = str(request.META.get("REMOTE_ADDR", ""))
        if is_within(address, settings.TRUSTED_PROXIES):
            address = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() or address
            if request.headers.get("X-Forwarded-Proto") == "https":
                request.META["wsgi.url_scheme"] = "https"
        request.client_address = address  # type: ignore[attr-defined]
        return self.get_response(request)


class CompressPagesMiddleware(GZipMiddleware):
    """Compresses pages as Django does, with random padding against guesses at secrets; files are sent as stored."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_text = response.headers.get("Content-Type", "").startswith(("text/", "application/json"))
        return super().process_response(request, response) if is_text and not response.streaming else response


class RequestContextMiddleware:
    """Gives the request an id, refuses a body that is too long, and binds id and client address to every log line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.id = secrets.token_hex(8)  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            request=request.id,  # type: ignore[attr-defined]
            address=request.client_address,  # type: ignore[attr-defined]
        )
        if _length(request) > settings.REQUEST_MAX_BYTES:
            return errors.too_large(request)
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


def _length(request: HttpRequest) -> int:
    declared = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(declared) if declared.isdigit() else 0


class HeadersMiddleware:
    """Sets the headers of every response, errors included: no cache keeps what a signed-in person sees (R49, R121)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Cache-Control", "no-store")
        if settings.SECURE:  # whatever scheme the proxy reports: the public address is https
            headers.setdefault("Strict-Transport-Security", f"max-age={HSTS_SECONDS}")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        return response


class LanguageMiddleware:
    """Activates the language of `?langue=`, which a cookie remembers, else that of the cookie, else French."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        languages = dict(settings.LANGUAGES)
        try:
            requested = request.GET.get("langue", "")
        except TooManyFieldsSent:  # the page that reads its parameters shows the error, in the language of the cookie
            requested = ""
        remembered = request.COOKIES.get(LANGUAGE_COOKIE, "")
        language = next((code for code in (requested, remembered) if code in languages), settings.LANGUAGE_CODE)
        translation.activate(language)
        response = self.get_response(request)
        if requested in languages and isinstance(response, HttpResponse):
            response.set_cookie(
                LANGUAGE_COOKIE, requested, max_age=365 * 86400, secure=settings.SECURE, httponly=True, samesite="Lax"
            )
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        patch_vary_headers(response, ["Cookie"])
        return response


class AccountLanguageMiddleware:
    """Activates the language of the profile of a signed-in person."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            translation.activate(request.user.locale)
        return self.get_response(request)


class DomainErrorMiddleware:
    """Turns the domain errors of actions into a status and a page; the only place that does for pages (C1–C6)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            if request.method == "GET" and (above := page_above(request.path_info)):
                return HttpResponseRedirect(above)
            page = errors.not_allowed(request)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if isinstance(exception, NotVisible):
            return errors.not_found(request)
        actor: Any = request.user
        key = actor.key if actor.is_authenticated else None
        if isinstance(exception, Forbidden):
            journal.record("refused", actor=key, path=request.path)
            return errors.forbidden(request)
        if isinstance(exception, Conflict):
            return errors.conflict(request, exception.message)
        if isinstance(exception, TooOften):
            journal.record("too_often", actor=key, path=request.path)
            return errors.too_often(request, exception.retry_after)
        assert isinstance(exception, Invalid)
        return errors.invalid(request, [text for texts in exception.errors.values() for text in texts])
