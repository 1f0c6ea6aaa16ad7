"""A page left open undoes nothing of what others changed since (R102): each form of the desk, from two windows."""

import pytest

from calypso.accounts.actions.teams import save_team
from calypso.accounts.capabilities import Role
from calypso.accounts.models import Organization, Team, User
from calypso.projects.models import Project
from calypso.sla.levels import Level, general_levels
from calypso.teamwork.actions.canned_replies import save_reply
from calypso.teamwork.models import CannedReply
from tests.pages import fill, form, in_order, words
from tests.world import World

CHANGED = "Quelqu'un a changé la même chose pendant que cette page était ouverte."


def test_a_company(browser, world: World) -> None:
    company = world.organization("BETA")
    path = f"/equipe/societes/{company.key}/"
    one, other = browser("admin"), browser("manager")
    first, second = form(one.get(path), path), form(other.get(path), path)
    assert one.post(path, fill(first, name="BETA SA")).status_code == 302
    assert other.post(path, {name: value for name, value in second.items() if name != "active"}).status_code == 302
    beta = Organization.objects.get(pk=company.pk)
    assert (beta.name, beta.active) == ("BETA SA", False)
    refused = other.post(path, fill(second, name="BETA SARL"))
    assert (refused.status_code, CHANGED in words(refused)) == (409, True)
    assert 'value="BETA SARL"' in refused.text, "what was typed is still there"
    assert other.post(path, fill(form(refused, path), name="BETA SARL")).status_code == 302


def test_a_canned_reply(browser, world: World) -> None:
    reply = save_reply(world.admin, name="Bonjour", body="Bonjour,", shared=True)
    path = f"/equipe/reponses/{reply.key}/"
    one, other = browser("admin"), browser("manager")
    first, second = form(one.get(path), ""), form(other.get(path), "")
    one.post(path, fill(first, body="Bonjour à vous,"))
    other.post(path, fill(second, name="Salut"))
    kept = CannedReply.objects.get(key=reply.key)
    assert (kept.name, kept.body) == ("Salut", "Bonjour à vous,")
    refused = other.post(path, fill(second, body="Hello"))
    assert (refused.status_code, CHANGED in words(refused)) == (409, True)


def test_the_levels(browser, world: World) -> None:
    path = "/equipe/niveaux/"
    one, other = browser("admin"), browser("admin")
    first, second = form(one.get(path), ""), form(other.get(path), "")
    before = general_levels()["live", "1"]
    one.post(path, fill(first, **{"setup-4-process_hours": "12"}))
    other.post(path, fill(second, **{"live-4-process_hours": "5"}))
    assert general_levels()["setup", "4"].process_hours == 12
    assert general_levels()["live", "4"].process_hours == 5
    assert general_levels()["live", "1"] == before
    refused = other.post(path, fill(second, **{"setup-4-process_hours": "11"}))
    assert (refused.status_code, CHANGED in words(refused)) == (409, True)
    assert general_levels()["setup", "4"] == Level(4, 12)


def test_the_roles_of_a_member(browser, world: World) -> None:
    path = f"/equipe/membres/{world.agent.key}/"
    one, other = browser("admin"), browser("admin")
    first, second = form(one.get(path), ""), form(other.get(path), "")
    one.post(path, {**first, "roles": [*first["roles"], "rd"]})
    other.post(path, {**second, "roles": [*second["roles"], "support"]})
    assert User.objects.get(pk=world.agent.pk).roles == [Role.AGENT, Role.SUPPORT, Role.RD]


@pytest.mark.parametrize("name, status", [("Nuit", 302), ("Jour", 409)])
def test_a_team(name: str, status: int, browser, world: World) -> None:
    team = save_team(world.admin, name="Équipe", members={world.agent.key, world.support.key})
    path = f"/equipe/membres/equipes/{team.key}/"
    one, other = browser("admin"), browser("admin")
    first, second = form(one.get(path), ""), form(other.get(path), "")
    one.post(path, {**fill(first, name="Nuit"), "members": [world.agent.key]})
    answer = other.post(path, {**fill(second, name=name), "members": [*second["members"], world.rd.key]})
    assert answer.status_code == status
    members = set(User.objects.filter(team_member__team__key=team.key).values_list("key", flat=True))
    assert members == ({world.agent.key, world.rd.key} if status == 302 else {world.agent.key})
    assert Team.objects.get(key=team.key).name == "Nuit"


def test_who_holds_a_place_of_a_project_stays_when_another_field_is_saved(browser, world: World) -> None:
    """Saving a date took out, without a word, those who could no longer be chosen."""
    key = world.project("A1").key
    Project.objects.filter(key=key).update(setup_agent=world.agent, support=world.support)
    User.objects.filter(pk__in=[world.agent.pk, world.pm.pk]).update(active=False)
    User.objects.filter(pk=world.support.pk).update(role_support=False)
    opened, path = browser("admin"), f"/equipe/projets/{key}/"
    page = opened.get(path)
    assert in_order(page, "À remplacer :", "Agent STAFF", "Agent STAFF (n'est plus disponible)")
    assert opened.post(path, fill(form(page, ""), event_date="2027-03-01")).status_code == 302
    saved = Project.objects.get(key=key)
    assert (saved.client_manager, saved.setup_agent, saved.support) == (world.pm, world.agent, world.support)
    assert opened.post(path, fill(form(opened.get(path), ""), setup_agent="")).status_code == 302
    refused = opened.post(path, fill(form(opened.get(path), ""), setup_agent=world.agent.key))
    assert (refused.status_code, Project.objects.get(key=key).setup_agent) == (422, None)
