"""Companies and their contacts: adding, editing, inviting, deactivating."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST

from calypso.accounts.access import SeenOrganization, Viewer
from calypso.accounts.actions import mfa, people
from calypso.accounts.queries import (
    contacts_page,
    dead_address_of,
    find_contacts,
    get_organization,
    get_person,
    organizations_of,
    organizations_page,
)
from calypso.base.chosen import chosen
from calypso.base.errors import Conflict, Invalid
from calypso.base.paging import page_of
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import ClientNoteForm, ContactForm, OrganizationForm, ProjectForm, SearchForm
from calypso.desk.views.choices import project_choices
from calypso.projects.queries import all_projects
from calypso.teamwork.queries.client_file import organization_file, person_file
from calypso.teamwork.queries.queue import storage_of
from calypso.ui.forms import page_number

PROJECTS_SHOWN = 20  # projects on the page of their company; the list of projects has the others


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def organizations(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Searches the client companies by name, and contacts by the same words; adds a company."""
    form, status = OrganizationForm(), 200
    words = SearchForm(request.GET).text("q")
    if request.method == "POST":
        form = OrganizationForm(request.POST)
        try:
            form.accepted()
            organization = people.add_organization(viewer, name=form.text("name"))
            return redirect(resolve_url("desk:organization", organization.key) + "?fait=enregistre")
        except Invalid as refusal:
            form.refuse(refusal)
            status = 422
    context = {
        "nav": "clients",
        "form": form,
        "words": words,
        "page": organizations_page(viewer, words, page_number(request)),
        "contacts": find_contacts(viewer, words),
    }
    return desk_page(request, viewer, "organizations", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def organization(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows and edits one company: its name, contacts, projects, storage."""
    if request.method != "POST":
        return organization_page(request, viewer, key)
    form = OrganizationForm(request.POST)
    organization = get_organization(viewer, key)
    try:
        form.accepted()
        before = form.shown()
        shown = people.OrganizationFacts(before.text("name"), before.flag("active")) if before else None
        people.change_organization(
            viewer, organization=organization, name=form.text("name"), active=form.flag("active"), shown=shown
        )
    except Invalid as refusal:
        return organization_page(request, viewer, key, status=422, form=form.refuse(refusal))
    except Conflict as conflict:
        form.show_again(_organization_form(get_organization(viewer, key))).refuse(conflict.as_invalid())
        return organization_page(request, viewer, key, status=409, form=form)
    return redirect(resolve_url("desk:organization", key) + "?fait=enregistre")


@require_POST
@for_staff
def invite(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Adds a contact to the company and invites them."""
    form = ContactForm(request.POST)
    try:
        contact = people.invite_contact(viewer, organization=get_organization(viewer, key), identity=identity_of(form))
    except Invalid as refusal:
        form.refuse(refusal)
        return organization_page(request, viewer, key, status=422, contact=form)
    done = "rejoint" if contact.has_connected else "invite"
    return redirect(resolve_url("desk:organization", key) + f"?fait={done}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def contact(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows and edits one contact: identity, companies, invitation, activity."""
    person = get_person(viewer, key)
    form, status = form_of_person(person), 200
    if request.method == "POST":
        form = ContactForm(request.POST)
        try:
            identity, before = identity_of(form), form.shown()
            people.change_contact(
                viewer, person=person, identity=identity, shown=identity_of(before) if before else None
            )
            return redirect(resolve_url("desk:contact", key) + "?fait=enregistre")
        except Invalid as refusal:
            form, status = form.refuse(refusal), 422
        except Conflict as conflict:
            person = get_person(viewer, key)
            form, status = form.show_again(form_of_person(person)).refuse(conflict.as_invalid()), 409
    return contact_page(request, viewer, person, form, status=status)


def contact_page(
    request: HttpRequest,
    viewer: Viewer,
    person: Viewer,
    form: ContactForm | None = None,
    *,
    note: ClientNoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Renders the page of a contact, with the form that was refused, if any."""
    context = {
        "nav": "clients",
        "person": person,
        "form": form or form_of_person(person),
        "note": note or ClientNoteForm(),
        "companies": organizations_of(person),
        "file": person_file(viewer, person) if person.is_client else None,
        "dead": dead_address_of(viewer, person),
    }
    return desk_page(request, viewer, "contact", context, status=status)


@require_POST
@for_staff
def write_again(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Sends mails again to an address that refused one."""
    people.write_again(viewer, person=get_person(viewer, key))
    return redirect(resolve_url("desk:contact", key) + "?fait=ecrit-encore")


def form_of_person(person: Viewer) -> ContactForm:
    """Returns the form that corrects a contact or a member of the team, as they are."""
    return ContactForm(initial={name: getattr(person, name) for name in ContactForm.base_fields})


@require_POST
@for_staff
def resend(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Sends a new invitation link to a contact who never signed in."""
    people.resend_invitation(viewer, person=get_person(viewer, key))
    return redirect(page_of_person(get_person(viewer, key)) + "?fait=invite")


@require_POST
@for_staff
def activity(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Deactivates or reactivates a contact."""
    active = request.POST.get("active") == "1"
    person = get_person(viewer, key)
    people.set_contact_active(viewer, person=person, active=active)
    return redirect(page_of_person(person) + f"?fait={'reactive' if active else 'desactive'}")


@require_POST
@for_staff
def reset_factors(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Removes the second factors (MFA) of a person who lost them."""
    person = get_person(viewer, key)
    mfa.reset_factors(viewer, person=person)
    return redirect(page_of_person(person) + "?fait=preuve-retiree")


def page_of_person(person: Viewer) -> str:
    """Returns the URL of the desk's page about a contact or a member of the team."""
    return resolve_url("desk:contact" if person.is_client else "desk:member", person.key)


def identity_of(form: ContactForm) -> people.Identity:
    """Returns what was typed of somebody. Raises Invalid."""
    form.accepted()
    return people.Identity(**{name: form.text(name) for name in form.fields})


def _invited(request: HttpRequest) -> dict[str, str]:
    """Returns what the address of the page says of a contact to invite."""
    form = ContactForm(request.GET)
    return {name: form.text(name) for name in ("email", "first_name", "last_name") if name in request.GET}


def _organization_form(organization: SeenOrganization) -> OrganizationForm:
    return OrganizationForm(initial={"name": organization.name, "active": organization.active})


def organization_page(
    request: HttpRequest, viewer: Viewer, key: str, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Renders the page of a company, with the form that was refused, if any."""
    organization = get_organization(viewer, key)
    context = {
        "nav": "clients",
        "organization": organization,
        "form": _organization_form(organization),
        "contact": ContactForm(initial={"locale": "fr"} | _invited(request)),
        "inviting": "email" in request.GET,
        "project": ProjectForm(initial={"remind_days": chosen("REMIND_DAYS") or None}),
        "note": ClientNoteForm(),
        "contacts": contacts_page(viewer, organization, page_number(request)),
        "projects": page_of(all_projects(viewer).filter(organization=organization), 1, PROJECTS_SHOWN),
        "choices": project_choices(viewer, organization),
        "storage": storage_of(viewer, organization),
        "file": organization_file(viewer, organization),
        **forms,
    }
    return desk_page(request, viewer, "organization", context, status=status)
