"""Faults seen by people who spent a day on the pages of projects, lots and conversations."""

import re

import pytest

from calypso.acceptance.actions import publish_batch
from calypso.projects.actions import set_archived
from calypso.tickets.models import Ticket
from tests.acceptance.batching import announced_by_batch, build, ready
from tests.pages import fill, form, forms, in_order, words
from tests.world import World, new_ticket, say, upload

pytestmark = pytest.mark.django_db


def test_people_are_added_several_at_a_time_and_in_a_row(world: World, browser) -> None:
    opened, here = browser("pm"), f"/projets/{world.project('A2').key}/droits/"
    page = opened.post(here, {"add": [world.out.key, world.obs.key]})
    adding = next(
        fields
        for fields in forms(page)
        if "seen" not in fields and set(fields.get("viewers", [])) == {world.out.key, world.obs.key}
    )
    offered = _offered(page)
    assert world.dec.key in offered
    assert not {world.out.key, world.obs.key} & set(offered), "who is chosen is not offered again"
    page = opened.post(here, fill(adding, add=world.dec.key))
    saving = next(fields for fields in forms(page) if "seen" in fields or len(fields.get("viewers", [])) == 3)
    opened.post(here, fill(saving, save="1"))
    assert in_order(opened.get(here), "Personnes autorisées (3)")


def _offered(page) -> list[str]:
    return re.findall(r'name="add" value="(\w+)"', page.content.decode())


def test_a_ticket_opened_for_a_client_with_a_file_says_by_whom_and_for_whom(world: World, browser) -> None:
    opened, here = browser("support"), "/equipe/tickets/nouveau/"
    project = world.project("A1")
    page = opened.get(f"{here}?projet={project.key}")
    fields = fill(form(page, here), author=world.dec.key, title="Par téléphone", priority="1")
    upload(world.support, fields["cle"][0], "opening", "photo.png")
    opened.post(here, fields)
    ticket = Ticket.objects.get(title="Par téléphone")
    assert in_order(
        browser("dec").get(f"/tickets/{ticket.reference}/"), "Ticket créé par", "pour", "Denis ECLUSE", "photo.png"
    )
    desk = browser("agent").get(f"/equipe/tickets/{ticket.reference}/")
    assert in_order(desk, "Support STAFF", "a déclaré le ticket pour Denis ECLUSE", "photo.png")


def test_a_client_is_not_blamed_for_what_the_team_returned(world: World, browser) -> None:
    ticket = new_ticket(world)
    for step, who in (("start", "agent"), ("process", "agent"), ("internal_return", "agent")):
        say(world, who, ticket, step, "Des mots")
    said = words(browser("dec").get(f"/tickets/{ticket.reference}/"))
    assert "a repris le ticket après sa propre vérification" in said
    assert "vous n'êtes pas d'accord" not in said


def test_a_text_that_was_published_is_no_longer_to_publish(world: World, browser) -> None:
    project, first = announced_by_batch(world), ready(world, "Premier")
    batch = build(world, project, first)
    publish_batch(world.manager, batch=batch, seen_version=batch.version)
    said = words(browser("agent").get(f"/equipe/tickets/{first.reference}/"))
    assert "Préparé, publié depuis" in said
    assert "le client ne le lit pas encore" not in said


def test_a_refusal_never_names_a_field_of_the_code(world: World, browser) -> None:
    opened, here = browser("manager"), f"/equipe/tickets/{world.ticket('A1').reference}/"
    fields = form(opened.get(here), f"{here}envoyer/")
    refusals = (
        ("liens", {"link_kind": "blocks", "link_reference": "RIEN"}),
        ("liens", {"link_kind": "rien", "link_reference": "RIEN"}),
        ("probleme", {"issue": "rien"}),
        ("temps", {"spent": "abc"}),
        ("a-faire", {"todo": ""}),
        ("affecter", {"assignee": ""}),
        ("priorite", {"priority": "9"}),
        ("rd", {"rd_url": "javascript:x"}),
    )
    for act, given in refusals:
        answer = opened.post(f"{here}{act}/", {**fields, **given})
        summary = answer.text.partition('class="summary"')[2].partition("</ul>")[0]
        assert answer.status_code == 422, act
        assert not re.search(r">[a-z]+_?[a-z]*</a>", summary), (act, summary)
    project = f"/equipe/projets/{world.project('A1').key}/"
    answer = opened.post(project, fill(form(opened.get(project), ""), remind_days="0"))
    assert in_order(answer, "Vérifiez votre saisie", "Relancer le client après", "Entre 1 et 60 jours")
    assert "remind_days :" not in words(answer)


@pytest.mark.parametrize("path", ["bascule", "lots"])
def test_r120_a_form_that_nothing_keeps_gives_its_texts_back(path: str, world: World, browser) -> None:
    opened, project = browser("pm"), world.project("A1")
    there = f"/projets/{project.key}/bascule/" if path == "bascule" else "/equipe/lots/nouveau/" + project.key + "/"
    opened.get("/projets/")
    del opened.cookies["calypso"]
    typed = {"act": "refuse", "reason": "Un motif longuement pesé", "note": "Une note"}
    answer = opened.post(there, typed, headers={"Referer": f"http://testserver{there}"})
    assert answer.status_code == 401
    assert "Un motif longuement pesé" in answer.text
    assert f'href="/connexion/?next={there.replace("/", "%2F")}"' in answer.text


def test_an_archived_project_asks_nothing_of_anybody(world: World, browser) -> None:
    """R10: what nobody can do any more is not asked, and what was typed meanwhile is not to be sent again."""
    project, opened = world.project("A1"), browser("dec")
    waiting = new_ticket(world)
    for step in ("start", "ask_client"):
        waiting = say(world, "agent", waiting, step, "Lequel ?")
    batch = build(world, announced_by_batch(world), first := ready(world, "À vérifier"))
    publish_batch(world.manager, batch=batch, seen_version=batch.version)
    opening = f"/projets/{project.key}/tickets/nouveau/"
    typed = fill(form(opened.get(opening), opening), title="Trop tard", priority="1")
    set_archived(world.manager, project=world.project("A1"), archived=True)
    for path in (f"/projets/{project.key}/", f"/tickets/{waiting.reference}/", f"/lots/{batch.key}/{first.reference}/"):
        said = words(opened.get(path))
        assert "Ce projet est archivé : ses tickets se lisent, et ne changent plus." in said, path
        for asked in ("À vous de", "Vérifier le lot", "Nous attendons une information", "clôturez-le"):
            assert asked not in said, (path, asked)
    refused = opened.post(opening, typed)
    assert refused.status_code == 409
    assert "envoyez à nouveau" not in words(refused)
    assert form(refused, opening)["title"] == ["Trop tard"]
    assert "Fiche du projet" in words(sheet := browser("manager").get(f"/equipe/projets/{project.key}/"))
    assert 'name="event_date"' not in sheet.text
