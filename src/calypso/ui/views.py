"""Views that belong to no interface: robots.txt, the icon, the manifest, the gallery of components."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from calypso.base.chosen import chosen
from calypso.base.colours import palette_of, parse_colour
from calypso.base.files import open_stored
from calypso.base.logos import Logo
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
def brand_colours(request: HttpRequest, colour: str) -> HttpResponse:
    """Returns the style of the colour of its address, which browsers keep. Raises Http404 for an unreadable one."""
    try:
        palette = palette_of(parse_colour(f"#{colour}"))
    except ValueError:
        raise Http404 from None
    tokens = {"accent": "accent", "accent-strong": "strong", "accent-ink": "ink", "accent-tint": "tint"}
    lines = [
        f"--{token}: light-dark({getattr(palette, name)}, {getattr(palette, f'dark_{name}')});"
        for token, name in tokens.items()
    ]
    lines.append(  # the page where one signs in is under white letters: darker than the colour, never lighter
        f"--hero: #{colour}; --hero-start: color-mix(in srgb, #{colour}, #000 45%);"
        f" --hero-end: color-mix(in srgb, #{colour}, #000 12%);"
    )
    response = HttpResponse(f":root {{ {' '.join(lines)} }}\n", content_type="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@login_not_required
@require_safe
def logo(request: HttpRequest, name: str) -> FileResponse:
    """Sends the vendor's logo, which browsers keep. Raises Http404 for any other name."""
    current = Logo.read(chosen("LOGO"))
    if current is None or current.name != name:
        raise Http404
    try:
        content = open_stored(name)
    except FileNotFoundError:  # the disk lost it: pages go on with a gap (R149)
        raise Http404 from None
    response = FileResponse(content, content_type="image/png")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


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
        "name": f"{chosen('PRODUCT_NAME')} · {chosen('VENDOR_NAME')}",
        "short_name": chosen("PRODUCT_NAME"),
        "start_url": "/",
        "display": "standalone",
        "lang": get_language(),
        "background_color": "#f5f8f9",
        "theme_color": palette_of(chosen("ACCENT_COLOUR")).accent,
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
