"""« Voir comme », from the page of a contact and back (R18)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from calypso.accounts.access import as_viewer
from calypso.accounts.actions.impersonation import end_impersonation, impersonate
from calypso.accounts.queries import get_person
from calypso.base.errors import NotVisible
from calypso.signin import impersonation


@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Takes a team member to the portal, as the contact sees it."""
    viewer = as_viewer(request.user)
    if viewer.is_client:
        raise NotVisible
    person = get_person(viewer, key)
    impersonate(viewer, person=person)
    impersonation.start(request, person)
    return redirect("portal:projects")


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Takes the team member back to the page of the contact, or to the desk when there was no impersonation."""
    viewer = as_viewer(request.user)
    key = impersonation.stop(request)
    if not key:
        return redirect("home")
    end_impersonation(viewer)
    return redirect("desk:contact", key)
