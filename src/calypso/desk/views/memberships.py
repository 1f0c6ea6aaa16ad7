"""A contact leaves a company, moves to another, or has two accounts to merge: an impact preview comes first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods

from calypso.accounts.access import SeenOrganization, Viewer, require
from calypso.accounts.actions.memberships import leave_organization, move_to_organization
from calypso.accounts.actions.merging import merge_people
from calypso.accounts.capabilities import Capability
from calypso.accounts.queries import (
    client_organizations,
    doubles_of,
    find_contacts,
    get_organization,
    get_person,
    organizations_of,
)
from calypso.base.errors import Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import MergeForm, MoveForm
from calypso.tickets.queries.membership_impact import joining_impact, leaving_impact, merge_impact


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def leave(request: HttpRequest, viewer: Viewer, key: str, organization: str) -> HttpResponse:
    """Shows the impact preview of leaving the company, for another one or for none; then performs it."""
    person, origin = get_person(viewer, key), get_organization(viewer, organization)
    departure = leaving_impact(viewer, person, origin)
    own = organizations_of(person)
    if origin not in own:
        raise NotVisible
    form = MoveForm(request.POST if request.method == "POST" else request.GET)
    destination, status = None, 200
    try:
        destination = _destination(viewer, form)
        if request.method == "POST":
            if destination:
                move_to_organization(viewer, person=person, origin=origin, destination=destination)
            else:
                leave_organization(viewer, person=person, organization=origin)
            return redirect(resolve_url("desk:contact", key) + f"?fait={'deplace' if destination else 'quitte'}")
    except Invalid as refusal:
        form.refuse(refusal)
        status = 422
    context = {
        "nav": "clients",
        "person": person,
        "origin": origin,
        "destination": destination,
        "departure": departure,
        "arrival": joining_impact(viewer, destination) if destination else [],
        "form": form,
        "others": [(row.key, row.name) for row in client_organizations(viewer) if row not in own],
        "is_last": len(own) == 1,
    }
    return desk_page(request, viewer, "leave", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def merge(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Finds the other account of a contact, shows the impact preview of keeping this one, then merges both."""
    require(viewer, Capability.MANAGE_CLIENTS)
    person = get_person(viewer, key)
    form = MergeForm(request.POST if request.method == "POST" else request.GET)
    other_account, status = None, 200
    try:
        other_account = _chosen_account(viewer, form, person)
        if request.method == "POST":
            if other_account is None:
                raise Invalid({"other": [_("Choisissez l'autre compte.")]})
            merge_people(viewer, kept=person, gone=other_account)
            return redirect(resolve_url("desk:contact", key) + "?fait=reunis")
    except Invalid as refusal:
        form.refuse(refusal)
        other_account, status = None, 422
    words = form.text("q")
    candidates = find_contacts(viewer, words) if words else doubles_of(viewer, person)
    context = {
        "nav": "clients",
        "person": person,
        "companies": organizations_of(person),
        "other": other_account,
        "others_companies": organizations_of(other_account) if other_account else [],
        "union": merge_impact(viewer, person, other_account) if other_account else None,
        "found": [row for row in candidates if row != person],
        "words": words,
        "form": form,
    }
    return desk_page(request, viewer, "merge", context, status=status)


def _destination(viewer: Viewer, form: MoveForm) -> SeenOrganization | None:
    """Returns the chosen company, None if none is. Raises Invalid for one that is not visible (R4)."""
    key = form.accepted().text("destination")
    try:
        return get_organization(viewer, key) if key else None
    except NotVisible:
        raise Invalid({"destination": [_("Choisissez une société de la liste.")]}) from None


def _chosen_account(viewer: Viewer, form: MergeForm, person: Viewer) -> Viewer | None:
    """Returns the other account, None if none is chosen.

    Raises Invalid for the account itself, or for one that is not visible (R4) or is not a client's.
    """
    key = form.accepted().text("other")
    try:
        account = get_person(viewer, key) if key else None
    except NotVisible:
        account = person
    if account is not None and (account == person or not account.is_client):
        raise Invalid({"other": [_("Choisissez un autre contact, qui ne soit pas effacé.")]})
    return account
