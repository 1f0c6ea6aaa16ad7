"""The vendor's team: its members and their roles (decision 4). For administrators."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calypso.accounts.access import SeenTeam, Viewer
from calypso.accounts.actions import people
from calypso.accounts.actions.teams import TeamFacts, remove_team, save_team
from calypso.accounts.capabilities import ROLE_LABELS, Capability, Role
from calypso.accounts.queries import get_person, get_team, members_of, staff_with, team_page, teams
from calypso.base.errors import Conflict, Invalid
from calypso.base.i18n import gettext as _
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import ContactForm, MemberForm, TeamForm
from calypso.desk.views.clients import form_of_person, identity_of
from calypso.tickets.access import team_sees
from calypso.tickets.queries.rows import get_ticket


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def team(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the members, with the form to add one."""
    rows = team_page(viewer)
    form, status = MemberForm(initial={"locale": "fr", "roles": []}), 200
    if request.method == "POST":
        form = MemberForm(request.POST)
        try:
            identity = people.Identity(**{name: form.text(name) for name in ContactForm.base_fields})
            people.add_staff(viewer, identity=identity, roles=_roles(form))
            return redirect(resolve_url("desk:team") + "?fait=invite")
        except Invalid as refusal:
            form.refuse(refusal)
            status = 422
    context = {"nav": "team", "rows": rows, "form": form, "roles": ROLE_LABELS, "teams": teams(viewer)}
    return desk_page(request, viewer, "team", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def member(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows one member; edits their roles."""
    team_page(viewer)
    person = get_person(viewer, key)
    if request.method == "POST":
        posted = MemberForm(request.POST)
        shown = posted.shown()
        people.change_roles(viewer, person=person, roles=_roles(posted), shown=_roles(shown) if shown else None)
        return redirect(resolve_url("desk:member", key) + "?fait=enregistre")
    return _member_page(request, viewer, person, form_of_person(person))


@require_POST
@for_staff
def correct_member(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Corrects the name, the address or the language of one member."""
    team_page(viewer)
    person, form = get_person(viewer, key), ContactForm(request.POST)
    try:
        identity, before = identity_of(form), form.shown()
        shown = identity_of(before) if before else None
        people.change_contact(viewer, person=person, identity=identity, shown=shown)
        return redirect(resolve_url("desk:member", key) + "?fait=enregistre")
    except Invalid as refusal:
        return _member_page(request, viewer, person, form.refuse(refusal), status=422)
    except Conflict as conflict:
        person = get_person(viewer, key)
        form.show_again(form_of_person(person)).refuse(conflict.as_invalid())
        return _member_page(request, viewer, person, form, status=409)


def _member_page(
    request: HttpRequest, viewer: Viewer, person: Viewer, identity: ContactForm, status: int = 200
) -> HttpResponse:
    form = MemberForm(initial={"roles": [role.value for role in person.roles]})
    context = {"nav": "team", "person": person, "form": form, "identity": identity, "roles": ROLE_LABELS}
    return desk_page(request, viewer, "member", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new_group(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Creates a team."""
    return _group(request, viewer, None, _team_form(None))


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def group(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Edits a team: its name and its members."""
    team = get_team(viewer, key)
    return _group(request, viewer, team, _team_form(team))


@require_POST
@for_staff
def remove_group(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Removes a team; its members do not change."""
    remove_team(viewer, team=get_team(viewer, key))
    return redirect(resolve_url("desk:team") + "?fait=equipe-retiree")


def _team_form(team: SeenTeam | None) -> TeamForm:
    members = [person.key for person in members_of(team)] if team else []
    facts = {"name": team.name, "mail_from": team.mail_from} if team else {}
    return TeamForm(initial={"name": "", "mail_from": "", **facts, "members": members})


def _facts(form: TeamForm) -> TeamFacts:
    return TeamFacts(form.text("name"), frozenset(form.several("members")), form.text("mail_from"))


def _group(request: HttpRequest, viewer: Viewer, team: SeenTeam | None, form: TeamForm) -> HttpResponse:
    people, status = team_page(viewer), 200
    if request.method == "POST":
        form = TeamForm(request.POST)
        try:
            form.accepted()
            before = form.shown()
            members, sender = set(form.several("members")), form.text("mail_from")
            save_team(
                viewer,
                name=form.text("name"),
                members=members,
                mail_from=sender,
                team=team,
                shown=_facts(before) if before else None,
            )
            return redirect(resolve_url("desk:team") + "?fait=enregistre")
        except Invalid as refusal:
            form.refuse(refusal)
            status = 422
        except Conflict as conflict:
            form.show_again(_team_form(team)).refuse(conflict.as_invalid())
            status = 409
    choices = [(person.key, person.full_name) for person in people if person.active]
    context = {"nav": "team", "team": team, "form": form, "choices": choices}
    return desk_page(request, viewer, "group", context, status=status)


def _roles(form: MemberForm) -> list[Role]:
    """Returns the selected roles. Raises Invalid for one that does not exist."""
    names = form.accepted().several("roles")
    if set(names) - set(Role):
        raise Invalid({"roles": [_("Ce rôle n'existe pas.")]})
    return [Role(role) for role in names]


@require_safe
@for_staff
def colleagues(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Returns, as JSON, the names that a text may mention after an « @ »: on a ticket, those who see it."""
    people = [person for person in staff_with(Capability.NOTE) if person != viewer]
    if reference := request.GET.get("ticket"):
        ticket = get_ticket(viewer, reference)
        people = [person for person in people if team_sees(person, ticket)]
    return JsonResponse({"names": [*(person.full_name for person in people), *(team.name for team in teams(viewer))]})
