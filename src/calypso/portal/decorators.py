"""Restricts the portal to clients: a member of the team who opens one of its URLs is redirected to their home page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from calypso.accounts.access import Viewer, as_viewer

type ClientView[**P] = Callable[Concatenate[HttpRequest, Viewer, P], HttpResponse]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_clients[**P](view: ClientView[P]) -> View[P]:
    """Passes the viewer to the view if they are a client; redirects a member of the team to `home`."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = as_viewer(request.user)
        if not viewer.is_client:
            return redirect("home")
        return view(request, viewer, *args, **kwargs)

    return guarded
