"""Restricts the desk to the team: for a client it does not exist (C1)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.http import HttpRequest, HttpResponse, QueryDict

from calypso.accounts.access import Viewer, as_viewer, capabilities_of
from calypso.base.errors import NotVisible
from calypso.desk.questions import filters_of
from calypso.mailin.queries import held_count
from calypso.teamwork.queries.queue_counts import queue_counts
from calypso.teamwork.queries.saved_views import saved_views
from calypso.ui.frames import Frame
from calypso.ui.htmx import render

type StaffView[**P] = Callable[Concatenate[HttpRequest, Viewer, P], HttpResponse]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_staff[**P](view: StaffView[P]) -> View[P]:
    """Passes the viewer to the view if they are a member of the team. Raises NotVisible for a client."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = as_viewer(request.user)
        if viewer.is_client:
            raise NotVisible
        return view(request, viewer, *args, **kwargs)

    return guarded


def desk_page(
    request: HttpRequest,
    viewer: Viewer,
    template: str,
    context: dict[str, Any],
    *,
    parts: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """Renders a page of the desk with its navigation: queue counts, the viewer's capabilities and saved views."""
    navigation = _navigation(viewer, context.get("counts"))
    return render(request, f"desk/{template}.html", {**navigation, **context}, parts=parts, status=status)


def desk_frame(viewer: Viewer) -> Frame | None:
    """Returns the frame of the desk around a page that is not one of its own; None for a client."""
    return None if viewer.is_client else ("desk/frame.html", {"nav": "", **_navigation(viewer)})


def _navigation(viewer: Viewer, counts: dict[str, int] | None = None) -> dict[str, Any]:
    return {
        "counts": counts or queue_counts(viewer),
        "can": capabilities_of(viewer),
        "held_mails": held_count(viewer),
        "saved_views": saved_views(viewer, lambda query: filters_of(QueryDict(query))),
    }
