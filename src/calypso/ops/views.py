"""Health, for probes and for the team (R155, R156)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from calypso.accounts.access import Viewer, require
from calypso.accounts.capabilities import Capability
from calypso.desk.decorators import desk_page, for_staff
from calypso.ops import health


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers ok while the process is alive (R155)."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answers ok when every point of health is well, else ko. The public answer says nothing more (R155)."""
    well = health.is_well()
    return HttpResponse("ok" if well else "ko", status=200 if well else 503, content_type="text/plain")


@require_safe
@for_staff
def status(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows each point of health with its detail. Requires the capability to see the outbox."""
    require(viewer, Capability.SEE_OUTBOX)
    return desk_page(request, viewer, "status", {"nav": "status", "points": health.look()})
