"""Error pages.

They reveal nothing of the server (R122), and need nothing that may have failed: neither database, session, URL,
template context nor, at worst, the templates themselves.
"""

import errno
import sys
from collections.abc import Sequence
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.template.backends.utils import csrf_input
from django.template.loader import get_template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from calypso.base.chosen import known
from calypso.base.i18n import gettext as _
from calypso.ui.brand import Brand
from calypso.ui.context import chosen_theme
from calypso.ui.forms import written_texts
from calypso.ui.next_url import page_above

RETRY_AFTER = 20  # seconds
_log = structlog.stdlib.get_logger(__name__)


def _page(
    request: HttpRequest, status: int, title: str, lines: Sequence[str], *, login: str = "", framed: bool = False
) -> HttpResponse:
    """Returns an error page. With `framed`, one signed in gets it within the header of their pages, if that works."""
    context = {
        "status": status,
        "title": title,
        "lines": lines,
        "login": login,
        "texts": written_texts(request),
        "request_id": getattr(request, "id", ""),
        "language": get_language() or settings.LANGUAGE_CODE,
        "theme": chosen_theme(request),
        "is_posted": request.method == "POST",  # such a page gives back what was typed: no script leaves it
        "signed_in": False,
        "back": page_above(request.path_info) if request.method == "POST" else "",
        "impersonator": getattr(request, "impersonator", None),
        "toast": "",
        "brand": Brand(known),
    }
    if context["impersonator"]:  # the banner is on every page (R18), and needs no query: the person was already fetched
        context |= {"viewer": request.user, "csrf_input": csrf_input(request)}
    if framed and (page_within := _framed(request, context)):
        return HttpResponse(page_within.encode("utf-8", "replace"), status=status)
    try:
        page = get_template("ui/error.html").render(context)  # without the request: no context processor runs
    except Exception:  # whatever broke the templates, the error must still be answered
        _log.exception("error page without its template")
        paragraphs = format_html_join("", "<p>{}</p>", ((line,) for line in lines))
        page = format_html("<!doctype html><title>{}</title><h1>{}</h1>{}", title, title, paragraphs)
    return HttpResponse(page.encode("utf-8", "replace"), status=status)  # a posted text may hold half a surrogate pair


def _framed(request: HttpRequest, context: dict[str, Any]) -> str:
    """Returns the page within the frame; empty for who is not signed in, or when what the frame needs fails."""
    try:
        user = getattr(request, "user", None)  # none yet, when the request could not be read
        if user is None or not user.is_authenticated or context["impersonator"]:
            return ""
        shown = {name: context[name] for name in ("status", "title", "lines", "login", "texts", "request_id", "back")}
        return get_template("ui/error_framed.html").render({**shown, "nav": ""}, request)
    except Exception:
        _log.exception("error page without its frame")
        return ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Returns the 400 page, for a request that cannot be parsed; the 413 page when it is only too long."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    if isinstance(exception, MultiPartParserError) and "header size" in str(exception):
        return name_too_long(request)
    return _page(request, 400, _("Demande illisible"), [_("Cette demande n'a pas pu être lue.")])


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Returns the 403 page: the object is visible, the action is not allowed to this person (C3)."""
    return _page(
        request,
        403,
        _("Cette action ne vous est pas ouverte"),
        [_("Votre compte ne permet pas cette action. S'il le devrait, demandez-le à qui vous l'a ouvert.")],
        framed=True,
    )


def expired(request: HttpRequest) -> HttpResponse:
    """Returns the 403 page of a form whose protection expired: somebody signed in again since its page was opened."""
    line = _("Vous vous êtes identifié à nouveau depuis que cette page est ouverte, ou vos cookies ont été effacés.")
    after = _("Rien n'a été fait : rechargez la page, puis recommencez.")
    return _page(request, 403, _("Cette page a expiré"), [line, after])


def signed_out(request: HttpRequest, login: str) -> HttpResponse:
    """Returns the 401 page: the session ended before a form was sent.

    The page shows the submitted texts and, at `login`, the way to sign in again (C8, R120).
    """
    lines = [_("Votre session a pris fin avant l'envoi. Copiez votre texte, identifiez-vous, puis recommencez.")]
    return _page(request, 401, _("Identifiez-vous à nouveau"), lines, login=login)


def read_only(request: HttpRequest) -> HttpResponse:
    """Returns the 403 page of impersonation, during which nothing is written and no account page is opened (R18)."""
    line = _("Vous voyez l'extranet à la place d'un contact : rien ne s'y écrit, et son compte ne s'ouvre pas.")
    return _page(request, 403, _("Lecture seule"), [line])


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Returns the 404 page, the same whether the object is absent or not visible to this person (C1)."""
    return _page(
        request,
        404,
        _("Page introuvable"),
        [_("Cette page n'existe pas, ou n'est pas visible avec votre compte.")],
        framed=True,
    )


def conflict(request: HttpRequest, message: str) -> HttpResponse:
    """Returns the 409 page: something changed meanwhile (C5). Views with a form to keep show the form again instead."""
    return _page(request, 409, _("La situation a changé"), [message], framed=True)


def too_large(request: HttpRequest) -> HttpResponse:
    """Returns the 413 page: the request is longer than any that is accepted (C6)."""
    return _page(
        request,
        413,
        _("Envoi trop volumineux"),
        [
            _("Un envoi tient en %(limit)s Mo, fichiers compris, et ses textes en %(text)s Mo : allégez-le.")
            % {"limit": settings.REQUEST_MAX_BYTES // 2**20, "text": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20},
            _("Revenez en arrière : ce que vous avez écrit est encore là. Un long texte se joint comme fichier."),
        ],
    )


def name_too_long(request: HttpRequest) -> HttpResponse:
    """Returns the 413 page: the name of a file is too long for the headers of its part."""
    line = _(
        "Le nom d'un fichier joint est trop long : renommez-le, 200 caractères au plus, puis joignez-le de nouveau."
    )
    return _page(request, 413, _("Nom de fichier trop long"), [line])


def not_allowed(request: HttpRequest) -> HttpResponse:
    """Returns the 405 page: a URL that only takes forms, opened as a page, or an unusual method (R122, R123)."""
    return _page(
        request,
        405,
        _("Cette adresse ne s'ouvre pas"),
        [_("Elle sert à envoyer un formulaire. Revenez en arrière, ou repartez de l'accueil.")],
        framed=True,
    )


def invalid(request: HttpRequest, messages: Sequence[str]) -> HttpResponse:
    """Returns the 422 page: bad input that no form can show again, such as a sort in a URL (C4)."""
    return _page(request, 422, _("Demande incorrecte"), messages, framed=True)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Returns the 503 page: nothing was written, and the same request may be sent again in a moment."""
    response = _page(
        request,
        503,
        _("Momentanément indisponible"),
        [_("Revenez en arrière et réessayez dans un instant : ce que vous avez écrit est encore là.")],
    )
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def too_often(request: HttpRequest, retry_after: int, *, signed_in: bool = False) -> HttpResponse:
    """Returns the 429 page: too many attempts (C6). `retry_after` is in seconds."""
    minutes = max(1, round(retry_after / 60))
    lines = [_("Par sécurité, patientez %(minutes)d min avant de réessayer.") % {"minutes": minutes}]
    if not signed_in:
        lines.append(_("Vous pouvez aussi demander un nouveau mot de passe."))
    response = _page(request, 429, _("Trop de tentatives"), lines)
    response.headers["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Returns the 500 page, for a defect (C7).

    Returns the 503 page when the database is unavailable or the disk full (C6, R146, R148).
    """
    failure = sys.exc_info()[1]
    if isinstance(failure, OperationalError | InterfaceError) or getattr(failure, "errno", None) == errno.ENOSPC:
        return unavailable(request)
    return _page(
        request,
        500,
        _("Une erreur est survenue"),
        [_("Rien n'a été enregistré. Revenez en arrière : ce que vous avez écrit est encore là. Puis réessayez.")],
    )
