"""A person, a company or a project found by typing: where a new ticket starts, and what narrows a long queue."""

import re

import pytest

from calypso.base.errors import Forbidden
from calypso.desk.views import opening
from calypso.projects.models import Project, ViewingRight
from calypso.search.palette import FoundClients, find_clients
from calypso.teamwork.queries import queue_filters
from calypso.tickets.models import Ticket
from tests.pages import fill, form, words
from tests.world import World

PICK = "/equipe/choisir/"
SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def links(answer) -> list[str]:
    return [
        link.replace("&amp;", "&")
        for link in re.findall(r'href="(/equipe/[^"]*)"', answer.text.split('role="search"')[-1])
    ]


def test_words_lead_to_a_new_ticket_by_person_company_or_project(browser, world: World) -> None:
    answer = browser("agent").get(PICK, {"q": "alpha"}, headers=SCRIPT)
    assert "<html" not in answer.text
    assert f"/equipe/tickets/nouveau/?personne={world.dec.key}" in links(answer)
    assert f"/equipe/tickets/nouveau/?societe={world.organization('ALPHA').key}" in links(answer)
    by_project = browser("agent").get(PICK, {"q": world.project("A1").name}, headers=SCRIPT)
    assert f"/equipe/tickets/nouveau/?projet={world.project('A1').key}" in links(by_project)


def test_without_script_it_is_a_page(browser, world: World) -> None:
    answer = browser("agent").get(PICK, {"q": "introuvable"})
    assert "<html" in answer.text
    assert "Rien ne correspond." in words(answer)


def test_it_narrows_the_queue_and_keeps_the_other_filters(browser, world: World) -> None:
    answer = browser("agent").get(PICK, {"q": "alpha", "dans": "etat=new&projet=ancien&tri=-priorite"}, headers=SCRIPT)
    key = world.organization("ALPHA").key
    assert f"/equipe/?etat=new&tri=-priorite&societe={key}" in links(answer)
    assert "personne=" not in answer.text


def test_r13_rd_finds_no_client_there(browser, world: World) -> None:
    answer = browser("rd").get(PICK, {"q": "alpha"}, headers=SCRIPT)
    assert links(answer) == []


class TestCaller:
    def test_a_caller_is_the_author_and_their_projects_are_the_choices(self, browser, world: World) -> None:
        page = browser("support").get("/equipe/tickets/nouveau/", {"personne": world.buser.key})
        offered = re.findall(r'<option value="(\w+)"', page.text.split('id="id_project"')[1].split("</select>")[0])
        seen = {project.key for project in Project.objects.filter(organization=world.organization("BETA"))}
        assert set(offered) <= seen
        assert "Pour " in words(page)

    def test_a_caller_who_sees_one_project_is_ready_to_be_written_for(self, browser, world: World) -> None:
        Project.objects.filter(organization=world.organization("ALPHA")).update(restricted=True)
        ViewingRight.objects.filter(user=world.dec).exclude(project=world.project("A1")).delete()
        ViewingRight.objects.get_or_create(user=world.dec, project=world.project("A1"))
        opened = browser("support")
        page = opened.get("/equipe/tickets/nouveau/", {"personne": world.dec.key})
        fields = form(page, "/equipe/tickets/nouveau/")
        assert fields["project"] == [world.project("A1").key]
        assert fields["author"] == [world.dec.key]
        made = opened.post("/equipe/tickets/nouveau/", fill(fields, title="Au téléphone", priority="2"))
        assert made.status_code == 302
        assert Ticket.objects.get(title="Au téléphone").author == world.dec

    def test_choosing_a_project_keeps_who_calls(self, browser, world: World) -> None:
        opened = browser("support")
        page = opened.get("/equipe/tickets/nouveau/", {"personne": world.dec.key})
        fields = fill(form(page, "/equipe/tickets/nouveau/"), project=world.project("A2").key, choisir="1")
        part = opened.post("/equipe/tickets/nouveau/", fields)
        assert form(part, "/equipe/tickets/nouveau/")["author"] == [world.dec.key]

    def test_more_projects_than_a_list_holds_are_found_by_typing(self, browser, world: World, monkeypatch) -> None:
        monkeypatch.setattr(opening, "LIST_MOST", 1)
        page = browser("support").get("/equipe/tickets/nouveau/")
        assert world.project("A1").key not in page.text
        assert "Cherchez ci-dessus qui appelle, ou le projet." in words(page)
        chosen = browser("support").get("/equipe/tickets/nouveau/", {"projet": world.project("A1").key})
        assert form(chosen, "/equipe/tickets/nouveau/")["project"] == [world.project("A1").key]

    @pytest.mark.parametrize("query", ["personne=inconnu", "personne=%00", "societe=inconnue", "projet=inconnu"])
    def test_c1_an_unknown_start_is_the_plain_page(self, query: str, browser, world: World) -> None:
        assert browser("support").get(f"/equipe/tickets/nouveau/?{query}").status_code == 200


def test_a_long_list_of_the_queue_is_replaced_by_typing(browser, world: World, monkeypatch) -> None:
    assert "Nom du projet ou de la société" not in browser("agent").get("/equipe/").text
    monkeypatch.setattr(queue_filters, "MOST", 1)
    page = browser("agent").get("/equipe/", {"societe": world.organization("BETA").key})
    assert "Nom du projet ou de la société" in page.text
    select = page.text.split('<select name="societe"')[1].split("</select>")[0]
    assert re.findall(r'<option value="(\w+)"', select) == [world.organization("BETA").key]


def test_r1_a_client_finds_nobody_this_way(world: World) -> None:
    with pytest.raises(Forbidden):
        find_clients(world.dec, "alpha")
    assert find_clients(world.agent, " ") == FoundClients()
