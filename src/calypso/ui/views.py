"""Views that belong to no interface: robots.txt, the icon, the manifest, the gallery of components."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.translation import get_language
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


ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable.png", "512x512", "maskable"),
)


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Says under which name and icon a phone keeps the extranet on its home screen."""
    facts = {
        "name": f"{settings.PRODUCT_NAME} · {settings.VENDOR_NAME}",
        "short_name": settings.PRODUCT_NAME,
        "start_url": "/",
        "display": "standalone",
        "lang": get_language(),
        "background_color": "#f5f8f9",
        "theme_color": "#0a6e74",
        "icons": [
            {"src": static(f"calypso/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    return JsonResponse(facts, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Shows every component with examples, for developers. Raises Http404 unless the debug setting is on."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "ui/gallery.html", {"sample": samples()})
