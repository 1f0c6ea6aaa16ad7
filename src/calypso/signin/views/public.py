"""The pages that need no account: help, legal pages, the captcha's challenge."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from calypso.accounts.queries import captcha_challenge
from calypso.base.chosen import chosen
from calypso.tickets.workflow import STATES
from calypso.ui.htmx import render

CAPTCHA_FORMS = {"connexion", "premiere-connexion", "mot-de-passe-oublie"}


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """« Pourquoi et comment utiliser cet outil ? » (S11–S13), with the states of the workflow."""
    return render(request, "signin/help.html", {"states": STATES, "nav": "help"})


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Shows what is stored about people, why, and for how long (R130)."""
    context = {"keep_mails": chosen("KEEP_MAILS_DAYS"), "keep_closed": chosen("KEEP_CLOSED_MONTHS")}
    return render(request, "signin/privacy.html", context)


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Shows the conditions of use."""
    return render(request, "signin/terms.html", {})


@login_not_required
@require_safe
def captcha_challenge_page(request: HttpRequest, form: str) -> HttpResponse:
    """Sends a new challenge for one form (R32)."""
    if form not in CAPTCHA_FORMS:
        raise Http404
    return JsonResponse(captcha_challenge(form))
