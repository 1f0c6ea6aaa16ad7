"""Who sees which project: the rule against an independently written oracle (R1, R5, R8), and its management (R6, R7)."""

import itertools

import pytest

from calypso.accounts.actions import people as accounts
from calypso.accounts.models import Membership, User
from calypso.base.errors import Conflict, Forbidden, Invalid, NotVisible, Unconfirmed
from calypso.outbox.models import OutgoingEmail
from calypso.projects import access, actions
from calypso.projects.models import Project, ViewingRight
from calypso.projects.queries import (
    all_projects,
    current_projects,
    get_project,
    preview_viewers,
    unavailable_people,
    viewers,
    viewers_page,
)
from calypso.projects.visible import VisibleProject
from calypso.tickets.access import tickets_for, tickets_of
from tests.world import PERSONAS, ROLELESS, World, add_project

TEAM = {"manager", "agent", "support", "admin"}


def oracle(who: str, company: str, listed: set[str], manager: str, *, active: bool, member: bool) -> bool:
    """Decision 1, in its own words."""
    if who in TEAM:
        return active
    if who in {"rd", ROLELESS} or not active or not member:
        return False
    companies = {"pm": "alpha", "dec": "alpha", "obs": "alpha", "out": "alpha", "bpm": "beta", "buser": "beta"}
    if companies[who] != company:
        return False
    return not listed or who in listed or who == manager


@pytest.mark.checklist("S29", "S54", "S56", "S131", "S138")
@pytest.mark.parametrize("who", PERSONAS)
@pytest.mark.parametrize("listed", [set(), {"dec"}, {"dec", "obs"}, {"pm"}])
@pytest.mark.parametrize("manager", ["", "pm"])
def test_r1_r5_sight_is_the_oracle_s(who: str, listed: set[str], manager: str, world: World) -> None:
    project = add_project(world, "Table de vérité", "alpha", manager)
    if listed:
        actions.set_viewers(world.manager, project=project, keys={world.person(name).key for name in listed})
    for active, member in itertools.product([True, False], [True, False]):
        User.objects.filter(pk=world.person(who).pk).update(active=active)
        Membership.objects.filter(user=world.person(who)).update(active=member)
        viewer = world.person(who)
        sees = access.projects_for(viewer).filter(pk=project.pk).exists()
        expected = oracle(who, "alpha", listed, manager, active=active, member=member)
        assert sees is expected, (active, member)
        if viewer.is_client:
            assert access.viewers_of(project).filter(pk=viewer.pk).exists() is expected


def test_an_archived_company_shows_nothing_to_its_contacts(world: World) -> None:
    accounts.change_organization(world.admin, organization=world.organization("alpha"), name="ALPHA", active=False)
    assert not access.projects_for(world.dec).exists()
    assert not access.viewers_of(world.project("A2")).exists()


def test_current_projects_leave_the_archived_out(world: World) -> None:
    assert [project.name[:2] for project in current_projects(world.dec)] == ["A1", "A2"]
    assert [project.name[:2] for project in all_projects(world.manager)] == ["A1", "A2", "B1", "A3"]


def test_r2_a_hidden_project_is_not_found(world: World) -> None:
    with pytest.raises(NotVisible):
        get_project(world.out, world.project("A1").key)
    with pytest.raises(NotVisible):
        get_project(world.dec, "inconnu")


def keys(world: World, *names: str) -> set[str]:
    return {world.person(name).key for name in names}


@pytest.mark.checklist("S40", "S53", "S57", "S132")
def test_r7_the_client_manager_lists_people_and_cannot_lock_themself_out(world: World) -> None:
    project = world.project("A2")
    actions.set_viewers(world.pm, project=project, keys=keys(world, "out"))
    page = viewers_page(world.pm, world.project("A2"))
    assert [person.email.split("@")[0] for person in page.listed] == ["out"]
    assert {person.email.split("@")[0] for person in page.addable} == {"pm", "dec", "obs"}
    assert access.projects_for(world.pm).filter(pk=project.pk).exists()
    right = ViewingRight.objects.get(project=project)
    assert (right.granted_by, str(right)) == (world.pm, f"{world.out.pk} sees {project.pk}")


@pytest.mark.parametrize("who", ["dec", "obs", "agent", "support"])
def test_r7_others_do_not_manage_viewers(who: str, world: World) -> None:
    with pytest.raises(Forbidden):
        actions.set_viewers(world.person(who), project=world.project("A2"), keys=keys(world, "dec"))
    with pytest.raises(Forbidden):
        viewers_page(world.person(who), world.project("A2"))


def test_r7_a_replaced_manager_no_longer_manages(world: World) -> None:
    project = world.project("A2")
    Project.objects.filter(pk=project.pk).update(client_manager=world.dec)
    with pytest.raises(Forbidden):
        actions.set_viewers(world.pm, project=project, keys=keys(world, "dec"))


@pytest.mark.parametrize("who", ["buser", "agent", None])
def test_r4_r7_only_active_contacts_of_the_company_are_listed(who: str | None, world: World) -> None:
    key = world.person(who).key if who else "inconnu"
    with pytest.raises(Invalid):
        actions.set_viewers(world.pm, project=world.project("A2"), keys={key})
    User.objects.filter(email="obs@alpha.example").update(active=False)
    with pytest.raises(Invalid):
        actions.set_viewers(world.pm, project=world.project("A2"), keys=keys(world, "obs"))


@pytest.mark.checklist("S58")
def test_r6_emptying_the_list_is_confirmed_and_told(world: World) -> None:
    project = world.project("A1")
    with pytest.raises(Unconfirmed):
        actions.set_viewers(world.manager, project=project, keys=set())
    assert world.project("A1").restricted
    actions.set_viewers(world.manager, project=project, keys=set(), open_to_all=True)
    assert not world.project("A1").restricted
    assert access.projects_for(world.out).filter(pk=project.pk).exists()
    mail = OutgoingEmail.objects.get(kind="projects.opened_to_all")
    assert mail.recipient == "pm@alpha.example"


def test_r6_the_manager_is_not_told_of_their_own_act(world: World) -> None:
    actions.set_viewers(world.pm, project=world.project("A1"), keys=set(), open_to_all=True)
    assert not OutgoingEmail.objects.filter(kind="projects.opened_to_all").exists()


def test_p4_a_viewer_who_leaves_never_opens_the_project(world: World) -> None:
    for name in ("dec", "obs"):
        accounts.set_contact_active(world.manager, person=world.person(name), active=False)
    assert world.project("A1").restricted
    assert not access.projects_for(world.out).filter(pk=world.project("A1").pk).exists()


def test_r10_an_archived_project_keeps_its_viewers(world: World) -> None:
    with pytest.raises(Conflict):
        actions.set_viewers(world.pm, project=world.project("A3"), keys=keys(world, "dec"))


@pytest.mark.parametrize(
    "project, wanted, gain, lose, opens",
    [
        ("A2", {"dec"}, set(), {"obs", "out"}, False),
        ("A1", {"dec"}, set(), {"obs"}, False),
        ("A1", {"dec", "obs", "out"}, {"out"}, set(), False),
        ("A1", set(), {"out"}, set(), True),
        ("A2", set(), set(), set(), False),
        ("A2", {"pm", "dec", "obs", "out"}, set(), set(), False),
    ],
)
def test_the_effect_of_a_list_is_shown_before(project, wanted, gain, lose, opens, world: World) -> None:
    change = preview_viewers(world.pm, world.project(project), keys(world, *wanted))
    named = [{person.email.split("@")[0] for person in people} for people in (change.gain, change.lose)]
    assert (named[0], named[1], change.opens) == (gain, lose, opens)


@pytest.mark.checklist("S133")
def test_r5_the_follower_list_offers_those_who_see(world: World) -> None:
    seen = {person.email.split("@")[0] for person in viewers(world.dec, world.project("A1"))}
    assert seen == {"pm", "dec", "obs"}


def facts(world: World, **changes) -> actions.Facts:
    known = {"name": "Nouveau", "event_date": None, "vendor_manager": world.manager}
    return actions.Facts(**{**known, **changes})


@pytest.mark.parametrize(
    "field, who",
    [
        ("vendor_manager", None),
        ("vendor_manager", "agent"),
        ("vendor_manager", "dec"),
        ("client_manager", "buser"),
        ("client_manager", "agent"),
        ("setup_agent", "rd"),
        ("support", "dec"),
    ],
)
def test_r4_people_of_a_project_are_on_their_side(field: str, who: str | None, world: World) -> None:
    person = world.person(who) if who else None
    with pytest.raises(Invalid) as refusal:
        actions.add_project(
            world.manager, organization=world.organization("alpha"), facts=facts(world, **{field: person})
        )
    assert set(refusal.value.errors) == {field}


def test_a_name_serves_once_in_a_company(world: World) -> None:
    actions.add_project(world.manager, organization=world.organization("alpha"), facts=facts(world))
    actions.add_project(world.manager, organization=world.organization("beta"), facts=facts(world))
    with pytest.raises(Invalid):
        actions.add_project(world.manager, organization=world.organization("alpha"), facts=facts(world))
    with pytest.raises(Invalid):
        actions.change_project(world.manager, project=world.project("A1"), facts=facts(world, name=" "))


@pytest.mark.parametrize("act", ["add", "change", "phase", "archive"])
@pytest.mark.parametrize("who, refused", [("agent", Forbidden), ("support", Forbidden), ("dec", NotVisible)])
def test_r13_only_those_who_manage_projects_change_them(act: str, who: str, refused, world: World) -> None:
    by, project = world.person(who), world.project("A1")
    with pytest.raises(refused):
        match act:
            case "add":
                actions.add_project(by, organization=project.organization, facts=facts(world))
            case "change":
                actions.change_project(by, project=project, facts=facts(world))
            case "phase":
                actions.change_phase(by, project=project, phase=Project.Phase.LIVE)
            case "archive":
                actions.set_archived(by, project=project, archived=True)


@pytest.mark.checklist("S126")
def test_a_phase_change_keeps_its_date_and_author(world: World) -> None:
    project = world.project("A1")
    actions.change_phase(world.manager, project=project, phase=Project.Phase.LIVE)
    first = project.phase_changed_at
    assert (project.phase_label, project.is_live, project.phase_changed_by) == ("Exploitation", True, world.manager)
    actions.change_phase(world.admin, project=project, phase=Project.Phase.LIVE)
    assert (project.phase_changed_at, project.phase_changed_by) == (first, world.manager)
    with pytest.raises(Conflict):
        actions.change_phase(world.manager, project=world.project("A3"), phase=Project.Phase.LIVE)


def test_an_archived_project_comes_back(world: World) -> None:
    project = world.project("A3")
    assert project.is_archived
    actions.set_archived(world.manager, project=project, archived=False)
    assert not world.project("A3").is_archived
    assert str(project).startswith("A3 ")


def test_r1_what_hangs_on_a_visible_project_is_what_its_viewer_sees_of_it(world: World) -> None:
    project = world.project("A1")
    for viewer in (world.dec, world.agent):
        expected = set(tickets_for(viewer).filter(project=project))
        assert set(tickets_of(VisibleProject(viewer, project.key))) == expected != set()
    for stranger in (world.out, world.buser, world.rd, User(kind="client")):
        assert not tickets_for(stranger).filter(project=project).exists()
        with pytest.raises(NotVisible):
            VisibleProject(stranger, project.key)


def test_r5_of_a_restricted_project_its_manager_hears_without_being_listed_and_others_do_not(world: World) -> None:
    assert not ViewingRight.objects.filter(project=world.project("A1"), user=world.pm).exists()
    for project, sighted in (
        ("A1", {"pm", "dec", "obs"}),
        ("A2", {"pm", "dec", "obs", "out"}),
        ("B1", {"bpm", "buser"}),
    ):
        assert access.viewer_ids(world.project(project)) == {world.person(name).pk for name in sighted}, project


def move(world: World, who: str, company: str) -> User:
    """The person as a contact of that company alone: their account stays open."""
    person = world.person(who)
    Membership.objects.filter(user=person).update(active=False)
    Membership.objects.create(user=person, organization=world.organization(company))
    return world.person(who)


def test_r8_a_manager_who_left_the_company_manages_nothing_of_it(world: World, browser) -> None:
    assert browser("pm").get("/tableau-de-bord/").status_code == 200
    gone = move(world, "pm", "beta")
    assert world.project("A2").client_manager == gone, "the project still names them"
    assert not access.is_client_manager(gone, world.project("A2"))
    assert not access.managed_projects(gone).exists()
    with pytest.raises(Forbidden):
        actions.set_viewers(gone, project=world.project("A2"), keys=keys(world, "dec"))
    assert browser("pm").get("/tableau-de-bord/").status_code == 404


def test_r4_r9_who_left_the_company_is_not_made_its_client_manager(world: World) -> None:
    assert unavailable_people(world.project("A2")) == {}
    gone = move(world, "pm", "beta")
    assert unavailable_people(world.project("A2")) == {"client_manager": world.pm}
    with pytest.raises(Invalid) as refusal:
        actions.add_project(
            world.manager, organization=world.organization("alpha"), facts=facts(world, client_manager=gone)
        )
    assert set(refusal.value.errors) == {"client_manager"}


def test_r4_a_member_of_the_team_is_never_a_contact_even_with_a_row_that_says_so(world: World) -> None:
    Membership.objects.create(user=world.agent, organization=world.organization("alpha"))
    assert not access.is_contact_of(world.agent, world.organization("alpha").pk)
    assert access.is_contact_of(world.dec, world.organization("alpha").pk)
    assert {person.email.split("@")[0] for person in viewers(world.dec, world.project("A2"))} == {
        *("pm", "dec", "obs", "out")
    }
    assert world.agent not in viewers_page(world.pm, world.project("A2")).addable
