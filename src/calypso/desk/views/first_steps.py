"""The first steps of an administrator on an empty installation, and the trial of its mail server."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST, require_safe

from calypso.accounts.access import Viewer
from calypso.desk.decorators import desk_page, for_staff
from calypso.teamwork.queries import first_steps as steps
from calypso.vendor.actions.choices import send_test_mail


@require_safe
@for_staff
def first_steps(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the steps, each with its state and the page where it is done."""
    return desk_page(
        request, viewer, "first_steps", {"nav": "setup", "first": steps.first_steps(viewer)}, parts=("pas",)
    )


@require_POST
@for_staff
def test_mail(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Sends the administrator a mail of trial."""
    send_test_mail(viewer)
    said = "essai" if steps.first_steps(viewer).has_server else "essai-attend"
    return redirect(resolve_url("desk:first_steps") + f"?fait={said}")
