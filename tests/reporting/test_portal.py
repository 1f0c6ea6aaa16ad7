"""The figures of a client manager: their own projects, nothing of the team's own."""

import re
from html import unescape
from io import BytesIO

from python_calamine import CalamineWorkbook

from tests.pages import words
from tests.world import World, add_project, canary, new_ticket, say

HERE = "/tableau-de-bord/"


def test_a_client_manager_reads_their_figures_and_opens_the_tickets(world: World, browser) -> None:
    ticket = new_ticket(world, title="Le badge")
    for who, step in (("agent", "start"), ("agent", "process"), ("dec", "close")):
        say(world, who, ticket, step, "Des mots")
    opened = browser("pm")
    assert HERE in opened.get("/projets/").content.decode()
    page = opened.get(HERE)
    assert "4 créés" in words(page)
    lead = unescape(re.search(r'href="([^"]*figure=clos[^"]*)"', page.content.decode())[1])
    behind = opened.get(lead)
    assert "Tickets clôturés 1" in words(behind)
    assert "Le badge" in words(behind)


def test_r1_r11_nothing_of_the_team_or_of_others_is_in_it(world: World, browser) -> None:
    say(world, "agent", world.ticket("A1"), "start")
    opened = browser("pm")
    pages = [opened.get(HERE), opened.get(f"{HERE}tickets/"), opened.get(f"{HERE}?projet={world.project('B1').key}")]
    for page in pages:
        said = page.content.decode()
        assert "objectif" not in said
        assert "intervenant=" not in said
        assert canary("B1", "projet") not in said
        assert canary("B1", "titre") not in said


def test_r1_the_workbook_of_a_client_has_no_sheet_of_the_team(world: World, browser) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(browser("pm").get(f"{HERE}export/").content))
    assert "Par intervenant" not in book.sheet_names
    cells = {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    assert not any("objectif" in cell or canary("B1", "projet") in cell for cell in cells)
    assert any(canary("A1", "projet") in cell for cell in cells)


def test_who_manages_nothing_is_not_offered_figures(world: World, browser) -> None:
    opened = browser("dec")
    assert HERE not in opened.get("/projets/").content.decode()
    assert opened.get(HERE).status_code == 404


def test_an_empty_figure_and_a_wrong_one(world: World, browser) -> None:
    opened = browser("pm")
    assert "Aucun ticket ne correspond." in words(opened.get(f"{HERE}tickets/?figure=clos&du=2020-01-01&au=2020-01-02"))
    assert opened.get(f"{HERE}tickets/?figure=autre").status_code == 422
    assert opened.get(f"{HERE}?du=demain").status_code == 422


def test_r1_a_client_manager_measures_the_projects_they_manage_not_all_those_they_see(world: World, browser) -> None:
    add_project(world, f"A4 {canary('A4', 'projet')}", "alpha")
    other = new_ticket(world, "out", "A4", title=f"Ticket A4 {canary('A4', 'titre')}")
    opened = browser("pm")
    assert opened.get(f"/tickets/{other.reference}/").status_code == 200, "they see it"
    figures, behind = opened.get(HERE), opened.get(f"{HERE}tickets/")
    assert "3 créés" in words(figures)
    assert canary("A1", "titre") in words(behind)
    for page in (figures, behind):
        assert canary("A4", "projet") not in page.content.decode()
        assert canary("A4", "titre") not in page.content.decode()
