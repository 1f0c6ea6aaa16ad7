"""Views that belong to no interface: robots.txt, the icon, the gallery of components."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from calypso.ui.htmx import render
from calypso.ui.samples import samples


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Forbids every page to search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirects to the icon, for browsers that ask for it at the root."""
    return redirect(static("calypso/icon.svg"))


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Shows every component with examples, for developers. Raises Http404 unless the debug setting is on."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "ui/gallery.html", {"sample": samples()})
