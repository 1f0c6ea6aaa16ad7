"""Renders a page, or one of its parts for htmx; the only module that knows about htmx.

Every URL answers a plain request with the full page. When htmx asks for a part, the named block of the same template is
rendered alone, with the same context.
"""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers
from jinja2_fragments import render_block


def wants(request: HttpRequest, part: str) -> bool:
    """Returns whether htmx asks for the part whose element has the id `part`."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == part


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, parts: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    """Renders the page `template`, or the one of its `parts` that htmx asks for. The part `a-b` is the block `a_b`."""
    part = next((part for part in parts if wants(request, part)), None)
    if part is None:
        html = get_template(template).render(dict(context), request)
    else:
        html = render_block(_environment(), template, part.replace("-", "_"), _with_request(request, context))
    response = HttpResponse(html, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _environment() -> Any:
    return cast("Any", engines["jinja2"]).env


def _with_request(request: HttpRequest, context: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the context as Django's backend completes it for a full page."""
    full: dict[str, Any] = {
        **context,
        "request": request,
    }
    for processor in cast("Any", engines["jinja2"]).template_context_processors:
        full.update(processor(request))
    return full
