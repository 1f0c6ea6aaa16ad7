"""The pages that need no account: help, legal pages, the captcha's challenge."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from calypso.accounts.queries import captcha_challenge
from calypso.tickets.workflow import STATES
from calypso.ui.htmx import render
from calypso.vendor.texts import TEXTS, Name
from calypso.vendor.wording import page_text, written_text

CAPTCHA_FORMS = {"connexion", "premiere-connexion", "mot-de-passe-oublie"}


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """« Pourquoi et comment utiliser cet outil ? » (S11–S13), with the states of the workflow."""
    return render(request, "signin/help.html", {"states": STATES, "nav": "help", "words": written_text(Name.HELP)})


@login_not_required
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Shows a page that every site owes its readers: legal notice, personal data, conditions, accessibility (I13)."""
    return render(request, "signin/page.html", {"text": TEXTS[Name(name)], "words": page_text(Name(name))})


@login_not_required
@require_safe
def captcha_challenge_page(request: HttpRequest, form: str) -> HttpResponse:
    """Sends a new challenge for one form (R32)."""
    if form not in CAPTCHA_FORMS:
        raise Http404
    return JsonResponse(captcha_challenge(form))
