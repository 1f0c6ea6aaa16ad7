"""Batches through the desk's pages: marking, building, planning, publishing, refusals that lose nothing."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from calypso.acceptance.actions import build_batch, publish_batch
from calypso.acceptance.models import Batch, BatchItem
from calypso.base import clock
from calypso.projects.models import Project
from calypso.tickets.models import Ticket
from tests.acceptance.batching import announced_by_batch, build, ready
from tests.pages import fill, form, in_order, words
from tests.world import World, new_ticket, say


@pytest.fixture
def project(world: World) -> Project:
    Project.objects.filter(pk=world.project("A1").pk).update(by_batch=True)
    return world.project("A1")


@pytest.fixture
def tickets(world: World, project: Project) -> list[Ticket]:
    started = [say(world, "agent", new_ticket(world, title=f"Sujet {number}"), "start") for number in range(3)]
    return [say(world, "agent", ticket, "process", "C'est corrigé.") for ticket in started]


@pytest.fixture
def batch(world: World, project: Project, tickets: list[Ticket]) -> Batch:
    names = [ticket.reference for ticket in tickets[:2]]
    return build_batch(world.manager, project=project, name="Recette 1", note="", references=names)


def sent(opened, batch: Batch, act: str, **values: object):
    address = f"/equipe/lots/{batch.key}/"
    return opened.post(address, fill(form(opened.get(address), ""), act=act, **values))  # type: ignore[arg-type]


def test_the_project_says_it_is_announced_by_batch(browser, world: World) -> None:
    address = f"/equipe/projets/{world.project('A1').key}/"
    opened = browser("manager")
    opened.post(address, fill(form(opened.get(address), ""), by_batch="on"))
    assert world.project("A1").by_batch
    opened.post(address, {name: value for name, value in form(opened.get(address), "").items() if name != "by_batch"})
    assert not world.project("A1").by_batch


def test_the_ticket_says_what_its_button_does(browser, world: World, project: Project) -> None:
    opened, ticket = browser("agent"), say(world, "agent", new_ticket(world), "start")
    address = f"/equipe/tickets/{ticket.reference}/"
    page = opened.get(address)
    assert "Marquer à publier" in words(page)
    assert "Marquer traité" not in words(page)
    answer = opened.post(f"{address}envoyer/", fill(form(page, f"{address}envoyer/"), act="process", body="Fait."))
    assert answer.url == f"{address}?fait=prepare"
    page = opened.get(address)
    assert "À publier : le client ne le lit pas encore" in words(page)
    queue = words(opened.get("/equipe/?lot=a-publier"))
    assert ticket.reference in queue
    answer = opened.post(f"{address}publication/", form(page, f"{address}envoyer/"))
    assert answer.url == f"{address}?fait=retire"
    assert "a retiré le ticket des prêts à publier" in words(opened.get(address))
    assert ticket.reference not in words(opened.get("/equipe/?lot=a-publier"))
    assert opened.get("/equipe/?lot=autre").status_code == 422


def test_an_order_for_tickets_of_both_kinds_says_both(browser, world: World, project: Project) -> None:
    one = say(world, "agent", new_ticket(world), "start")
    two = say(world, "agent", new_ticket(world, "out", "A2"), "start")
    page = words(browser("agent").post("/equipe/lot/", {"act": "step", "ref": [one.reference, two.reference]}))
    assert "Marquer traité possible pour 2 tickets" in page
    assert "le client le saura avec le lot" in page
    page = words(browser("agent").post("/equipe/lot/", {"act": "step", "ref": [one.reference]}))
    assert "Marquer à publier" in page
    assert "possible pour" not in page, "there is only one"


def test_a_card_is_not_dropped_on_processed(browser, world: World, project: Project) -> None:
    ticket = say(world, "agent", new_ticket(world), "start")
    page = browser("agent").get(f"/equipe/tableau/?projet={project.key}").content.decode()
    assert "processed:process" not in page
    assert ticket.reference in page


def test_from_what_is_ready_to_the_published_batch(browser, world: World, project: Project, tickets) -> None:
    opened, address = browser("manager"), f"/equipe/lots/nouveau/{world.project('A1').key}/"
    assert "Préparer un lot" in words(opened.get("/equipe/lots/"))
    assert "Préparer un lot" not in words(browser("agent").get("/equipe/lots/"))
    page = opened.get(address)
    assert form(page, "")["tickets"] == [ticket.reference for ticket in tickets], "all that is ready is ticked"
    refused = opened.post(address, fill(form(page, ""), name="", note="Une note écrite."))
    assert refused.status_code == 422
    assert "Une note écrite." in words(refused)
    made = opened.post(address, fill(form(page, ""), name="Recette 1", note="Videz."))
    page = opened.get(made.url)
    assert "2 personnes le recevront : Paule MERCIER, Denis ECLUSE" in words(page).replace(
        "Denis ECLUSE, Paule MERCIER", "Paule MERCIER, Denis ECLUSE"
    )
    batch = Batch.objects.get()
    answer = sent(opened, batch, "publish", note="Videz le cache.")
    assert answer.url == f"/equipe/lots/{batch.key}/?fait=lot-publie"
    batch.refresh_from_db()
    assert (batch.note, batch.published_at is not None) == ("Videz le cache.", True), (
        "what the form holds is saved first"
    )
    assert "0 sur 3 vérifiés" in words(opened.get(answer.url))
    say(world, "dec", tickets[0], "return", "Non, pas du tout.")
    follow = words(opened.get(f"/equipe/lots/{batch.key}/"))
    assert "1 sur 3 vérifiés" in follow
    assert "Non, pas du tout." in follow


def test_what_left_the_batch_is_said(browser, world: World, batch: Batch, tickets: list[Ticket]) -> None:
    say(world, "agent", tickets[1], "ask_client", "Attendez.")
    opened = browser("manager")
    assert f"sortiront du lot : {tickets[1].reference}" in words(opened.get(f"/equipe/lots/{batch.key}/"))
    answer = sent(opened, batch, "publish")
    assert answer.status_code == 302
    assert BatchItem.objects.filter(batch=batch).count() == 1


def test_c5_who_looked_at_an_older_batch_loses_loudly(browser, world: World, batch: Batch) -> None:
    opened = browser("manager")
    address = f"/equipe/lots/{batch.key}/"
    fields = fill(form(opened.get(address), ""), act="save", note="Mes mots.")
    sent(browser("admin"), batch, "save", name="Renommé")
    answer = opened.post(address, fields)
    assert answer.status_code == 409
    assert "Mes mots." in words(answer)
    sent(browser("admin"), batch, "publish")
    answer = opened.post(address, fields)
    assert answer.status_code == 409
    assert "changé" in words(answer)


def test_it_is_planned_then_not_then_dropped(browser, world: World, batch: Batch) -> None:
    opened = browser("manager")
    at = timezone.localtime(clock.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    assert sent(opened, batch, "plan", publish_at="pas une heure").status_code == 422
    assert sent(opened, batch, "plan", publish_at="2001-01-01T10:00").status_code == 422
    answer = sent(opened, batch, "plan", publish_at=at.strftime("%Y-%m-%dT%H:%M"))
    assert answer.url.endswith("?fait=lot-prevu")
    batch.refresh_from_db()
    assert batch.publish_at == at, "the hour is the installation's"
    sent(opened, batch, "unplan")
    batch.refresh_from_db()
    assert batch.publish_at is None
    assert sent(opened, batch, "drop").url == "/equipe/lots/?fait=lot-retire"
    assert not Batch.objects.exists()


def test_who_does_not_manage_projects_reads_only(browser, world: World, batch: Batch) -> None:
    page = browser("agent").get(f"/equipe/lots/{batch.key}/")
    assert "Publier maintenant" not in words(page)
    assert browser("agent").post(f"/equipe/lots/{batch.key}/", {"act": "publish", "version": "1"}).status_code == 403


def test_the_newest_batches_come_first(world: World, browser) -> None:
    project = announced_by_batch(world)
    for number in range(3):
        batch = build(world, project, ready(world, f"Ticket {number}"), name=f"Lot {number}")
        publish_batch(world.manager, batch=batch, seen_version=batch.version)
    Batch.objects.filter(name="Lot 1").update(published_at=clock.ago(days=-1))
    assert in_order(browser("manager").get("/equipe/lots/"), "En cours de vérification (3)", "Lot 1", "Lot 2", "Lot 0")


def test_the_enter_key_saves_the_batch(browser, world: World, batch: Batch) -> None:
    """A browser presses the first button of the form, in the order of the page."""
    page = browser("manager").get(f"/equipe/lots/{batch.key}/").text
    buttons = re.findall(r'<button[^>]* name="act" value="(\w+)"', page)
    assert buttons[0] == "save"
    assert {"drop", "publish", "plan"} <= set(buttons)
