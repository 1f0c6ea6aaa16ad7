"""The team's notes about a contact or a company, added and removed from its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST

from calypso.accounts.access import Viewer
from calypso.accounts.queries import get_organization, get_person
from calypso.base.errors import Invalid
from calypso.desk.decorators import for_staff
from calypso.desk.forms import ClientNoteForm
from calypso.desk.views.clients import contact_page, organization_page, page_of_person
from calypso.teamwork.actions.client_notes import add_client_note, remove_client_note


@require_POST
@for_staff
def note_on_contact(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Adds a note about a contact."""
    person, form = get_person(viewer, key), ClientNoteForm(request.POST)
    try:
        add_client_note(viewer, about=person, text=form.text("note"))
    except Invalid as refusal:
        return contact_page(request, viewer, person, note=form.refuse(refusal), status=422)
    return redirect(page_of_person(person) + "?fait=note-client")


@require_POST
@for_staff
def note_on_company(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Adds a note about a company."""
    organization, form = get_organization(viewer, key), ClientNoteForm(request.POST)
    try:
        add_client_note(viewer, about=organization, text=form.text("note"))
    except Invalid as refusal:
        return organization_page(request, viewer, key, status=422, note=form.refuse(refusal))
    return redirect(resolve_url("desk:organization", key) + "?fait=note-client")


@require_POST
@for_staff
def remove_of_contact(request: HttpRequest, viewer: Viewer, key: str, note: str) -> HttpResponse:
    """Removes a note about a contact."""
    remove_client_note(viewer, key=note)
    return redirect(page_of_person(get_person(viewer, key)) + "?fait=note-retiree")


@require_POST
@for_staff
def remove_of_company(request: HttpRequest, viewer: Viewer, key: str, note: str) -> HttpResponse:
    """Removes a note about a company."""
    remove_client_note(viewer, key=note)
    return redirect(resolve_url("desk:organization", get_organization(viewer, key).key) + "?fait=note-retiree")
