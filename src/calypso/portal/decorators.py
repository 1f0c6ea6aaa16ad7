"""The portal is for clients: a member of the team who opens one of its addresses goes to their own first page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from calypso.accounts.access import Viewer, as_viewer

type ClientView[**P] = Callable[Concatenate[HttpRequest, Viewer, P], HttpResponse]
type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def for_clients[**P](view: ClientView[P]) -> View[P]:
    """Gives the view its viewer, a client."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = as_viewer(request.user)
        if not viewer.is_client:
            return redirect("home")
        return view(request, viewer, *args, **kwargs)

    return guarded
