"""For pages that cannot keep a stream: whether something happened since they looked."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from calypso.accounts.access import as_viewer
from calypso.base import clock
from calypso.teamwork.queries.change_feed import changed_since, instant


@require_safe
def since(request: HttpRequest) -> HttpResponse:
    """204 while nothing happened to the topics (`sujet`) since the instant `vu`; the new instant when something did.

    Without a readable instant, the present one: the page has just been loaded.
    """
    viewer, now = as_viewer(request.user), clock.now()
    seen = instant(request.GET.get("vu", ""))
    answer = JsonResponse({"vu": f"{now.timestamp():.3f}", "change": seen is not None})
    if seen is None or any(changed_since(viewer, topic, seen) for topic in request.GET.getlist("sujet")[:4]):
        return answer
    return HttpResponse(status=204)
