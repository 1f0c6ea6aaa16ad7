"""The vendor's teams: made by administrators, filtered by in the queue, named as a whole in a text (I4)."""

import pytest

from calypso.accounts.actions.teams import remove_team, save_team
from calypso.accounts.models import Team, TeamMember
from calypso.accounts.queries import get_team, members_of, teams
from calypso.base.errors import Forbidden, Invalid, NotVisible
from calypso.outbox.models import OutgoingEmail
from calypso.teamwork.queries.queue import QueueFilters, queue_page
from calypso.tickets.actions.steps import assign
from calypso.tickets.models import Ticket
from tests.pages import fill, form, in_order, words
from tests.world import World, new_ticket, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(world: World) -> Team:
    return save_team(world.admin, name="Équipe de nuit", members={world.agent.key, world.support.key})


def test_from_the_page_made_changed_and_removed(world: World, browser) -> None:
    opened, path = browser("admin"), "/equipe/membres/equipes/nouvelle/"
    assert "Aucune équipe." in words(opened.get("/equipe/membres/"))
    assert opened.post(path, {"name": "", "members": []}).status_code == 422
    assert opened.post(path, {"name": "Nuit", "members": [world.agent.key]}).status_code == 302
    team = Team.objects.get()
    assert (str(team), str(TeamMember.objects.get())) == ("Nuit", f"{world.agent.pk} in {team.pk}")
    assert in_order(opened.get("/equipe/membres/"), "Équipes (1)", "Nuit 1")
    page = f"/equipe/membres/equipes/{team.key}/"
    fields = fill(form(opened.get(page), ""), name="Nuit et jour")
    assert opened.post(page, {**fields, "members": [world.support.key]}).status_code == 302
    assert (Team.objects.get().name, members_of(team)) == ("Nuit et jour", [world.support])
    assert opened.post(f"{page}retirer/").status_code == 302
    assert not TeamMember.objects.exists()
    assert opened.get(page).status_code == 404


@pytest.mark.parametrize("members", [{"inconnu"}, {"é'"}])
def test_r4_only_members_of_the_staff(members: set[str], world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        save_team(world.admin, name="Nuit", members=members)
    assert set(refusal.value.errors) == {"members"}
    with pytest.raises(Invalid):
        save_team(world.admin, name="Nuit", members={world.dec.key})


def test_two_teams_do_not_differ_by_case_or_accent_alone(world: World, night: Team) -> None:
    with pytest.raises(Invalid, match="porte déjà ce nom"):
        save_team(world.admin, name="EQUIPE DE NUIT", members=set())
    assert save_team(world.admin, name="Équipe de Nuit", members=set(), team=night).pk == night.pk


def test_r18_administrators_make_them_and_the_team_sees_them(world: World, night: Team) -> None:
    with pytest.raises(Forbidden):
        save_team(world.manager, name="Jour", members=set())
    with pytest.raises(Forbidden):
        remove_team(world.manager, team=night)
    assert [(team.name, team.size) for team in teams(world.agent)] == [("Équipe de nuit", 2)]
    with pytest.raises(NotVisible):
        teams(world.dec)
    with pytest.raises(NotVisible):
        get_team(world.agent, "inconnue")


def test_the_queue_is_filtered_by_team(world: World, night: Team, browser) -> None:
    ticket = new_ticket(world, title="Pour la nuit")
    assign(world.manager, ticket=ticket, assignee=world.support, seen_version=ticket.version)
    rows = queue_page(world.manager, QueueFilters(team=night.key), "", 1).page.rows
    assert [row.pk for row in rows] == [ticket.pk]
    page = browser("manager").get(f"/equipe/?equipe={night.key}")
    assert "Pour la nuit" in words(page)
    assert f'value="{night.key}" selected' in page.text
    assert queue_page(world.manager, QueueFilters(team="inconnue"), "", 1).page.total == 0


def test_naming_a_team_tells_each_of_its_members_once(world: World, night: Team, browser) -> None:
    ticket = Ticket.objects.get(pk=world.ticket("A1").pk)
    say(world, "agent", ticket, "note", "@équipe de nuit et @Support STAFF, un avis ?")
    told = OutgoingEmail.objects.filter(kind="tickets.mention").values_list("recipient", flat=True)
    assert list(told) == ["support@leni.example"], "never the author of the words"
    assert "Équipe de nuit" in browser("manager").get("/equipe/collegues/").json()["names"]
