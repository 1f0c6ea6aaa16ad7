"""The context processor of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from calypso.base import clock, text
from calypso.base.form_accounts import sign_account
from calypso.ui.toasts import TOASTS


def page(request: HttpRequest) -> dict[str, Any]:
    """Returns the viewer, the language, the message after an action, and what forms need."""
    viewer = getattr(request, "user", None)
    return {
        "viewer": viewer,
        "impersonator": getattr(request, "impersonator", None),
        # Once a page: each call masks the token anew, and a page has as many forms as it has rows.
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
        "signed_in": SimpleLazyObject(lambda: bool(viewer and viewer.is_authenticated)),
        "is_posted": request.method == "POST",  # the URL of such a page cannot be fetched again: no script reloads it
        "language": get_language() or "fr",
        "theme": chosen_theme(request),
        "toast": TOASTS.get(request.GET.get("fait", ""), ""),
        "account_token": SimpleLazyObject(lambda: account_token(request)),
        "limits": LIMITS,
        "made_at": f"{clock.now().timestamp():.3f}",
        "debug": settings.DEBUG,
    }


def chosen_theme(request: HttpRequest) -> str:
    """Returns the theme that the person chose; empty for the system's."""
    theme = request.COOKIES.get("theme", "")
    return theme if theme in ("light", "dark") else ""


LIMITS = {
    "title": text.TITLE_MAX,
    "name": text.NAME_MAX,
    "url": text.URL_MAX,
    "context": text.CONTEXT_MAX,
    "body": text.BODY_MAX,
    "phone": text.PHONE_MAX,
    "query": text.QUERY_MAX,
    "email": text.EMAIL_MAX,
}


def account_token(request: HttpRequest) -> str:
    """Returns, signed, the account that a form is shown to: text sent after its session ended is kept for it."""
    viewer = getattr(request, "user", None)
    if not viewer or not viewer.is_authenticated or getattr(request, "impersonator", None):
        return ""  # text typed while impersonating is not kept for the impersonated account
    return sign_account(f"{viewer.key}.{viewer.stamp}")
