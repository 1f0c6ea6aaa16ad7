"""Polling, for pages that cannot keep a stream."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from calypso.accounts.access import as_viewer
from calypso.base import clock
from calypso.teamwork.queries.change_feed import changed_since, instant


@require_safe
def since(request: HttpRequest) -> HttpResponse:
    """Answers 204 while nothing changed in the topics (`sujet`) since the instant `vu`, else the new instant.

    Without a readable instant, answers the present one: the page has just been loaded.
    """
    viewer, now = as_viewer(request.user), clock.now()
    last_instant = instant(request.GET.get("vu", ""))
    answer = JsonResponse({"vu": f"{now.timestamp():.3f}", "change": last_instant is not None})
    if last_instant is None or any(
        changed_since(viewer, topic, last_instant) for topic in request.GET.getlist("sujet")[:4]
    ):
        return answer
    return HttpResponse(status=204)
