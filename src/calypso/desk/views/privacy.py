"""Export and erasure of a person's data (R130)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from calypso.accounts.access import Viewer
from calypso.accounts.actions.erasing import erase_person
from calypso.accounts.privacy import personal_data
from calypso.accounts.queries import get_person
from calypso.base import journal
from calypso.desk.decorators import for_staff
from calypso.desk.views.clients import page_of_person
from calypso.ui.downloads import json_download


@require_safe
@for_staff
def export(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Returns everything that is stored about a person, as a file to hand over to them (R131)."""
    data = personal_data(viewer, get_person(viewer, key))
    journal.record("person.exported", actor=viewer.key, person=key)
    return json_download(f"donnees-{key}.json", data)


@require_POST
@for_staff
def erase(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Erases a deactivated person's identity, irreversibly."""
    person = get_person(viewer, key)
    erase_person(viewer, person=person)
    return redirect(page_of_person(person) + "?fait=efface")
