"""The sections of a project of any size: the first of each, and where all of them are; the counts stay whole (R12)."""

import pytest

from calypso.base import clock
from calypso.projects.visible import VisibleProject
from calypso.tickets.models import Ticket
from calypso.tickets.queries.sections import section_page, sections_page
from calypso.tickets.workflow import Section
from tests.pages import in_order, words
from tests.world import World, new_ticket, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowded(world: World, settings) -> World:
    """A project with seven tickets of the day, six of earlier days, two to complete; a section shows four."""
    settings.LIST_PAGE_SIZE = 4
    for number in range(15):
        ticket = new_ticket(world, "out", "A2", title=f"Foule {number:02}")
        if number >= 13:
            say(world, "agent", ticket, "ask_client", "Quoi ?")
        elif number >= 7:
            Ticket.objects.filter(pk=ticket.pk).update(created_at=clock.ago(days=20 - number))
    return world


def test_s41_each_shows_its_first_and_says_how_many_there_are(crowded: World, browser) -> None:
    project = crowded.project("A2")
    shown = sections_page(VisibleProject(crowded.out, project.key))
    totals = {section.value: (part.total, len(part.rows)) for section, part in shown.open.items()}
    assert totals == {"new_today": (8, 4), "in_progress": (6, 4), "to_complete": (2, 2), "processed": (0, 0)}
    assert [row.title for row in shown.open[Section.IN_PROGRESS].rows] == [f"Foule {n:02}" for n in (12, 11, 10, 9)]
    page = browser("out").get(f"/projets/{project.key}/")
    assert in_order(page, "Nouveaux tickets du jour (8)", "4 sur 8", "Voir tout", "Tickets en cours (6)", "4 sur 6")
    assert words(page).count("Voir tout") == 2


def test_all_of_one_section_by_page_newest_first(crowded: World, browser) -> None:
    project, seen = crowded.project("A2"), []
    for number in (1, 2):
        kind, page = section_page(VisibleProject(crowded.out, project.key), "in_progress", number)
        assert (kind, page.total) == (Section.IN_PROGRESS, 6)
        seen += [row.title for row in page.rows]
    assert seen == [f"Foule {number:02}" for number in range(12, 6, -1)]
    opened, path = browser("out"), f"/projets/{project.key}/sections/in_progress/"
    assert in_order(opened.get(path), "Tickets en cours 6", "Foule 12", "1–4 sur 6")
    assert in_order(opened.get(f"{path}?page=2"), "Foule 07", "5–6 sur 6")
    assert "Aucun ticket dans cette section." in words(opened.get(f"/projets/{project.key}/sections/processed/"))


@pytest.mark.parametrize("name", ["closed", "autre", "new"])
def test_r17_a_section_that_is_none_is_not_found(name: str, world: World, browser) -> None:
    assert browser("dec").get(f"/projets/{world.project('A1').key}/sections/{name}/").status_code == 404


def test_a_closed_ticket_is_in_no_open_section(crowded: World) -> None:
    project = crowded.project("A2")
    say(crowded, "out", Ticket.objects.get(title="Foule 00"), "close")
    shown = sections_page(VisibleProject(crowded.out, project.key))
    assert (shown.open[Section.NEW_TODAY].total, shown.closed_count) == (7, 1)
