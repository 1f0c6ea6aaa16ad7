"""Answers probes before anything that they do not need: an allowed host, a session, the database."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from calypso.ops import views

GetResponse = Callable[[HttpRequest], HttpResponseBase]
_PROBES = {"/healthz": views.healthz, "/readyz": views.readyz}


class ProbeMiddleware:
    """Answers `/healthz` and `/readyz` whatever the requested host: a load balancer uses its IP address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = _PROBES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)
