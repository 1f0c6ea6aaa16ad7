"""The command palette finds tickets, projects and companies while one types."""

import pytest

from calypso.base.errors import Forbidden
from calypso.search.palette import MOST, find
from tests.pages import words
from tests.world import World, add_project, new_ticket, say


def test_a_ticket_is_found_by_its_reference_in_any_case_even_closed(world: World) -> None:
    ticket = new_ticket(world, title="Le badge")
    say(world, "dec", ticket, "close")
    assert [hit.ticket.pk for hit in find(world.agent, f" {ticket.reference.lower()} ").tickets] == [ticket.pk]


def test_open_tickets_projects_and_companies_are_found_whatever_their_accents(world: World) -> None:
    ticket = new_ticket(world, title="Référencement du salon")
    project = add_project(world, "Été des métiers", "Alpha")
    assert [hit.ticket.pk for hit in find(world.agent, "REFERENCEMENT salon").tickets] == [ticket.pk]
    assert [row.pk for row in find(world.agent, "metiers ete").projects] == [project.pk]
    alpha = world.organization("alpha")
    assert alpha.pk in [row.pk for row in find(world.agent, alpha.name[:4].upper()).organizations]


def test_a_few_of_each_and_nothing_for_no_word(world: World) -> None:
    for number in range(MOST + 3):
        new_ticket(world, title=f"Pareil {number}")
    assert len(find(world.agent, "pareil").tickets) == MOST
    assert find(world.agent, "  ").tickets == []


def test_r1_rd_finds_what_was_handed_to_it_and_clients_nothing(world: World) -> None:
    ticket = new_ticket(world, title="Pour la recherche")
    assert find(world.rd, "recherche").tickets == find(world.rd, ticket.reference).tickets == []
    assert find(world.rd, "a").projects == []
    with pytest.raises(Forbidden):
        find(world.pm, "recherche")


def test_the_page_works_without_script_and_its_results_come_alone(world: World, browser) -> None:
    ticket = new_ticket(world, title="Le badge")
    opened = browser("agent")
    page = opened.get("/equipe/aller/?q=badge")
    assert ticket.reference in words(page)
    part = opened.get("/equipe/aller/?q=badge", headers={"HX-Request": "true", "HX-Target": "trouve"})
    assert ticket.reference in words(part)
    assert "<main" not in part.content.decode()
    assert "Rien ne correspond." in words(opened.get("/equipe/aller/?q=introuvable"))
