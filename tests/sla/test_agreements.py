"""Service levels of a company or of a project: what holds, what is due, who writes them, and their history."""

from datetime import datetime

import pytest

from calypso.accounts.models import AuditEntry
from calypso.base.errors import Conflict, Forbidden, Invalid, NotVisible
from calypso.projects.models import Project
from calypso.sla.actions.levels import save_levels
from calypso.sla.actions.recount import recount_clock
from calypso.sla.levels import Level, general_levels, levels_of, levels_page
from calypso.sla.models import ServiceLevel
from calypso.tickets.models import Ticket
from tests.pages import fill, form, words
from tests.sla.test_clock import at, on
from tests.world import World, new_ticket

LIVE_BLOCKING = ("live", "4")


@pytest.fixture
def project(world: World) -> Project:
    project = world.project("A1")
    Project.objects.filter(pk=project.pk).update(phase="live")
    return Project.objects.get(pk=project.pk)


def agree(world: World, owner: object, answer: int | None, process: int | None) -> None:
    save_levels(world.admin, new_levels={LIVE_BLOCKING: Level(answer, process)}, owner=owner)


def blocking(world: World) -> Ticket:
    return new_ticket(world, project="A1", priority="4", context="Le salon ouvre demain")


# general 1 / 4; company's own, project's own → what holds
HOLDS = [
    ((None, None), (None, None), (1, 4)),
    ((2, 8), (None, None), (2, 8)),
    ((2, 8), (1, 3), (1, 3)),
    ((None, 8), (None, None), (1, 8)),
    ((2, 8), (None, 6), (2, 6)),
    ((0, None), (None, None), (None, 4)),
    ((0, 0), (3, None), (3, None)),
    ((None, None), (0, 2), (None, 2)),
]


@pytest.mark.parametrize("company, own, holds", HOLDS)
def test_a_project_s_level_wins_over_its_company_s_which_wins_over_everybody_s(
    company: tuple[int | None, int | None],
    own: tuple[int | None, int | None],
    holds: tuple[int | None, int | None],
    world: World,
    project: Project,
) -> None:
    agree(world, project.organization, *company)
    agree(world, project, *own)
    assert levels_of(project)[LIVE_BLOCKING] == Level(*holds)
    other = world.project("B1")
    assert levels_of(other)[LIVE_BLOCKING] == general_levels()[LIVE_BLOCKING] == Level(1, 4)


def test_what_is_due_follows_at_once_by_every_way(world: World, project: Project) -> None:
    with on("2026-05-07 10:00"):  # a Thursday
        ticket = blocking(world)
        agree(world, project.organization, None, 6)
        assert due(ticket) == at("2026-05-07 16:00")
        agree(world, project, None, 2)
        assert due(ticket) == at("2026-05-07 12:00")
        assert due(blocking(world)) == at("2026-05-07 12:00")
        recount_clock()
        assert due(ticket) == at("2026-05-07 12:00")
        save_levels(world.admin, new_levels={LIVE_BLOCKING: Level(1, 20)})
        assert due(ticket) == at("2026-05-07 12:00")


def due(ticket: Ticket) -> datetime | None:
    return Ticket.objects.get(pk=ticket.pk).process_due_at


def test_an_administrator_writes_them_where_the_project_is(browser, world: World, project: Project) -> None:
    opened, page = browser("admin"), f"/equipe/projets/{project.key}/niveaux/"
    shown = opened.get(page)
    assert 'placeholder="4"' in shown.text
    saved = opened.post(page, fill(form(shown, ""), **{"live-4-process_hours": "2"}))
    assert saved["Location"] == page + "?fait=niveaux"
    row = ServiceLevel.objects.get()
    assert (row.project, row.organization, row.answer_hours, row.process_hours) == (project, None, None, 2)
    assert "« Niveau" not in words(opened.get("/equipe/niveaux/"))
    assert project.name in words(opened.get("/equipe/niveaux/"))
    history = words(opened.get(f"/equipe/projets/{project.key}/historique/"))
    assert "Niveau de service : exploitation, bloquant — / — — / 2" in history
    opened.post(page, fill(form(opened.get(page), ""), **{"live-4-process_hours": ""}))
    assert levels_of(project)[LIVE_BLOCKING] == Level(1, 4)


def test_the_rest_of_the_team_reads_what_holds(browser, world: World, project: Project) -> None:
    agree(world, project.organization, 3, None)
    page = browser("agent").get(f"/equipe/societes/{project.organization.key}/niveaux/")
    assert "Bloquant Première réponse 3 h Traitement 4 h" in words(page)
    assert browser("agent").get(f"/equipe/projets/{project.key}/").text.count(f"/equipe/projets/{project.key}/niveaux/")
    sent = browser("agent").post(f"/equipe/projets/{project.key}/niveaux/", {"live-4-process_hours": "2"})
    assert sent.status_code == 403
    with pytest.raises(Forbidden):
        levels_page(world.pm, project)
    for who, error in ((world.manager, Forbidden), (world.pm, NotVisible)):
        with pytest.raises(error):
            save_levels(who, new_levels={}, owner=project)


@pytest.mark.parametrize("own", [(5, None), (None, 2001), (-1, None), (9, 3)])
def test_bad_levels_are_refused_by_what_would_hold(own: tuple[int | None, int | None], world, project: Project) -> None:
    with pytest.raises(Invalid):
        agree(world, project, *own)
    assert not ServiceLevel.objects.exists()


def test_r102_two_windows_undo_nothing_of_each_other(world: World, project: Project) -> None:
    nothing = {LIVE_BLOCKING: Level(None, None)}
    save_levels(world.admin, new_levels={LIVE_BLOCKING: Level(2, None)}, shown=nothing, owner=project)
    save_levels(world.admin, new_levels={LIVE_BLOCKING: Level(None, 9)}, shown=nothing, owner=project)
    assert levels_of(project)[LIVE_BLOCKING] == Level(2, 9)
    with pytest.raises(Conflict):
        save_levels(world.admin, new_levels={LIVE_BLOCKING: Level(3, None)}, shown=nothing, owner=project)


def test_r1_who_has_levels_of_their_own_is_said_to_who_sees_them(browser, world: World, project: Project) -> None:
    agree(world, project, None, 2)
    agree(world, project.organization, None, 3)
    for who, sees in (("agent", True), ("admin", True), ("rd", False), ("norole", False)):
        page = words(browser(who).get("/equipe/niveaux/"))
        assert (project.name in page, project.organization.name in page) == (sees, sees), who


def test_a_level_of_zero_is_emptied_again(browser, world: World, project: Project) -> None:
    opened, page = browser("admin"), f"/equipe/projets/{project.key}/niveaux/"
    for typed, holds in (("0", Level(None, 4)), ("", Level(1, 4))):
        opened.post(page, fill(form(opened.get(page), ""), **{"live-4-answer_hours": typed}))
        assert levels_of(project)[LIVE_BLOCKING] == holds


def test_the_general_levels_have_their_history(world: World) -> None:
    save_levels(world.admin, new_levels={LIVE_BLOCKING: Level(2, 6)})
    (entry,) = AuditEntry.objects.filter(about="vendor:choices")
    assert (entry.field, entry.before, entry.after) == ("level_live_4", "1 / 4", "2 / 6")
    assert len("level_setup_1") <= AuditEntry._meta.get_field("field").max_length


def test_a_new_project_takes_the_reminder_of_the_settings(browser, world: World, settings) -> None:
    settings.REMIND_DAYS = 5
    page = browser("admin").get(f"/equipe/societes/{world.project('A1').organization.key}/")
    assert 'name="remind_days" type="number" value="5"' in page.text
