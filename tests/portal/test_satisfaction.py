"""The one question at closing: asked where the project wants it, answered by clients, read by the team (I11)."""

import pytest
from django.db import IntegrityError, transaction

from calypso.base.errors import Forbidden
from calypso.projects.models import Project
from calypso.tickets.actions.rating import rate
from calypso.tickets.models import Ticket
from tests.pages import words
from tests.world import World, new_ticket, say

QUESTION = "Êtes-vous satisfait du traitement de ce ticket ?"


@pytest.fixture
def closed(world: World) -> Ticket:
    Project.objects.filter(pk=world.project("A1").pk).update(asks_satisfaction=True)
    return say(world, "dec", new_ticket(world), "close")


def test_the_answer_is_kept_shown_and_may_change(world: World, browser, closed: Ticket) -> None:
    opened, here = browser("dec"), f"/tickets/{closed.reference}/"
    assert QUESTION in words(opened.get(here))
    for answer, label in (("mixed", "Mitigé"), ("satisfied", "Satisfait")):
        sent = opened.post(f"{here}avis/", {"answer": answer})
        assert sent["Location"] == f"{here}?fait=avis-donne"
        assert Ticket.objects.get(pk=closed.pk).satisfaction == answer
        assert f"Satisfaction {label}" in words(browser("agent").get(f"/equipe{here}"))


def test_c4_another_answer_is_refused(world: World, browser, closed: Ticket) -> None:
    assert browser("dec").post(f"/tickets/{closed.reference}/avis/", {"answer": "ravi"}).status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=closed.pk).update(satisfaction="ravi")


def test_nobody_is_asked_by_default_nor_before_closing(world: World, browser) -> None:
    open_one = new_ticket(world)
    opened = browser("dec")
    assert opened.post(f"/tickets/{open_one.reference}/avis/", {"answer": "mixed"}).status_code == 403
    say(world, "dec", open_one, "close")
    assert QUESTION not in words(opened.get(f"/tickets/{open_one.reference}/"))
    assert opened.post(f"/tickets/{open_one.reference}/avis/", {"answer": "mixed"}).status_code == 403


def test_r1_who_does_not_see_the_ticket_does_not_answer(world: World, browser, closed: Ticket) -> None:
    for who in ("out", "buser"):
        assert browser(who).post(f"/tickets/{closed.reference}/avis/", {"answer": "mixed"}).status_code == 404
    assert Ticket.objects.get(pk=closed.pk).satisfaction == ""


def test_the_project_s_form_asks_or_not(world: World, browser) -> None:
    project = world.project("A1")
    form = {"name": project.name, "vendor_manager": world.manager.key, "asks_satisfaction": "on"}
    browser("manager").post(f"/equipe/projets/{project.key}/", form)
    assert Project.objects.get(pk=project.pk).asks_satisfaction
    del form["asks_satisfaction"]
    browser("manager").post(f"/equipe/projets/{project.key}/", form)
    assert not Project.objects.get(pk=project.pk).asks_satisfaction


def test_an_open_ticket_asks_nothing_where_the_project_asks_at_closing(world: World, browser, closed: Ticket) -> None:
    opened, open_one = browser("dec"), new_ticket(world)
    assert QUESTION in words(opened.get(f"/tickets/{closed.reference}/"))
    assert QUESTION not in words(opened.get(f"/tickets/{open_one.reference}/"))
    assert opened.post(f"/tickets/{open_one.reference}/avis/", {"answer": "mixed"}).status_code == 403
    assert Ticket.objects.get(pk=open_one.pk).satisfaction == ""


@pytest.mark.parametrize("who", ["agent", "support", "manager", "admin"])
def test_the_team_does_not_answer_for_its_client(who: str, world: World, closed: Ticket) -> None:
    with pytest.raises(Forbidden):
        rate(world.person(who), ticket=closed, answer="satisfied")
    assert Ticket.objects.get(pk=closed.pk).satisfaction == ""
