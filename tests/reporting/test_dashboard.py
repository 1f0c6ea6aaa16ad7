"""The dashboard of the team, through its pages: figures that lead to their tickets, a period, a workbook."""

import re
from html import unescape
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from calypso.base.table_files import read_tables
from calypso.tickets.models import Ticket
from tests.pages import words
from tests.world import World, add_project, new_ticket, say

HERE = "/equipe/tableau-de-bord/"


@pytest.fixture
def busy(world: World) -> World:
    """One ticket closed, one that came back, one with an odd title."""
    closed, back = new_ticket(world, title="Fermé"), new_ticket(world, title="Revenu")
    for who, step in (("agent", "start"), ("agent", "process"), ("dec", "close")):
        say(world, who, closed, step, "Des mots")
    for who, step in (("agent", "start"), ("agent", "process"), ("dec", "return")):
        say(world, who, back, step, "Des mots")
    return world


def leads(response) -> dict[str, str]:
    """By figure, the address that the first of its numbers leads to."""
    found: dict[str, str] = {}
    for address in re.findall(r'href="([^"]*figure=[^"]*)"', response.content.decode()):
        found.setdefault(re.search(r"figure=(\w+)", address)[1], unescape(address))
    return found


def test_each_figure_leads_to_as_many_tickets(busy: World, browser) -> None:
    opened = browser("manager")
    page = opened.get(HERE)
    assert "1 retourné sur 2 traités" in words(page)
    assert "50 %" in words(page)
    counted = {"crees": 6, "clos": 1, "repondus": 2, "traites": 2, "retournes": 1}
    assert set(leads(page)) == set(counted)
    for figure, number in counted.items():
        queue = opened.get(leads(page)[figure])
        assert f"Tickets {number} " in words(queue), figure
    assert "Fermé" in words(opened.get(leads(page)["clos"]))


def test_a_figure_stays_with_the_sort_the_board_and_the_saved_view(busy: World, browser) -> None:
    opened = browser("manager")
    address = leads(opened.get(HERE))["clos"]
    page = opened.get(address).content.decode()
    sorts = [unescape(link) for link in re.findall(r'href="(/equipe/\?tri=[^"]*)"', page)]
    assert sorts
    assert all("figure=clos" in link and "du=" in link for link in sorts)
    kept = opened.post("/equipe/vues/", {"name": "Clos du mois", "query": address.partition("?")[2]})
    assert "figure=clos" in kept["Location"]


def test_c4_a_wrong_period_is_said_and_kept_in_its_fields(world: World, browser) -> None:
    answer = browser("agent").get(f"{HERE}?du=2026-03-02&au=2026-03-01")
    assert answer.status_code == 422
    assert "La fin de la période précède son début." in words(answer)
    assert 'value="2026-03-02"' in answer.content.decode()


def test_r14_c4_odd_addresses_are_refused_without_harm(world: World, browser) -> None:
    opened = browser("agent")
    assert opened.get(f"{HERE}?du=a&du=b").status_code == 422
    assert opened.get(f"{HERE}?phase=ailleurs").status_code == 422
    assert opened.get(f"{HERE}?projet=%00").status_code == 200
    assert opened.get("/equipe/?figure=autre").status_code == 422
    assert opened.get("/equipe/?figure=clos&du=hier").status_code == 422


def test_r60_the_workbook_holds_the_figures_and_no_formula(busy: World, browser) -> None:
    project = busy.project("A1")
    project.name = "=1+1"
    project.save(update_fields=["name"])
    answer = browser("manager").get(f"{HERE}export/")
    assert "tableau-de-bord.xlsx" in answer["Content-Disposition"]
    summary = {row[0]: row[1] for row in read_tables(answer.content)[0].rows if len(row) > 1}
    assert (summary["Créés"], summary["Clôturés"], summary["Taux de retour (%)"]) == ("6", "1", "50")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert book.sheet_names == [
        "Synthèse",
        "Évolution",
        "Ouverts par état",
        "Par projet",
        "Par société",
        "Par intervenant",
    ]
    rows = book.get_sheet_by_name("Par projet").to_python()
    assert "=1+1" in [row[0] for row in rows]
    assert len(book.get_sheet_by_name("Évolution").to_python()) == 31


def test_the_page_of_an_empty_installation_says_so(world: World, browser) -> None:
    answer = browser("manager").get(f"{HERE}?du=2020-01-01&au=2020-01-31")
    assert "Aucun ticket clôturé sur la période." in words(answer)
    assert Ticket.objects.exists()


def test_beyond_twenty_projects_the_page_says_that_the_file_has_the_rest(world: World, browser) -> None:
    for number in range(20):
        project = add_project(world, f"Salon {number:02}", "Alpha")
        Ticket.objects.filter(pk=new_ticket(world).pk).update(project=project)
    assert "Les 20 premiers sur 24 ; le fichier les contient tous." in words(browser("manager").get(HERE))
