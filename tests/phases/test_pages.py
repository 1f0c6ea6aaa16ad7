"""The change of phase through its pages, on both sides."""

from calypso.base import clock
from calypso.phases.models import PhaseChange
from calypso.projects.models import Project
from calypso.tickets.models import Ticket
from tests.pages import fill, form, in_order, words
from tests.world import World, new_ticket, say


def seen() -> str:
    """The key of the proposal that is open."""
    return PhaseChange.objects.get(state="proposed").key


def address(world: World) -> str:
    return f"/equipe/projets/{world.project('A1').key}/bascule/"


def test_from_the_proposal_to_the_new_phase(browser, world: World) -> None:
    ticket = say(world, "agent", new_ticket(world, title="À clore"), "start")
    opened, here = browser("manager"), address(world)
    assert "Préparer le passage en exploitation" in words(opened.get(f"/equipe/projets/{world.project('A1').key}/"))
    page = opened.get(here)
    fields = fill(form(page, ""), act="propose", note="Le salon ouvre.")
    refused = opened.post(here, {**fields, f"{ticket.reference}-choice": "close"})
    assert refused.status_code == 422
    assert f"{ticket.reference} : Ce champ est obligatoire." in words(refused)
    assert "Le salon ouvre." in words(refused)
    assert f'name="{ticket.reference}-choice" value="close" checked' in refused.content.decode()
    answer = opened.post(
        here, {**fields, f"{ticket.reference}-choice": "close", f"{ticket.reference}-reason": "Sans objet."}
    )
    assert answer.url == f"{here}?fait=bascule"
    shown = words(opened.get(here))
    assert "attendu de Paule MERCIER" in shown
    assert "Sans objet." in shown
    assert opened.post(here, fields).status_code == 409

    client, there = browser("pm"), f"/projets/{world.project('A1').key}/bascule/"
    assert "attend votre accord" in words(client.get(f"/projets/{world.project('A1').key}/"))
    page = client.get(there)
    for text in ("Le salon ouvre.", "Sans objet.", world.support.full_name, "D'accord"):
        assert text in words(page), text
    assert client.post(there, fill(form(page, ""), act="refuse")).status_code == 422
    assert client.post(there, fill(form(page, ""), act="agree")).url.endswith("?fait=phase")
    assert Project.objects.get(pk=world.project("A1").pk).is_live
    assert Ticket.objects.get(pk=ticket.pk).state == "closed"
    assert client.post(there, fill(form(page, ""), act="agree")).status_code == 409
    assert "Fait" in words(client.get(there)), "the record stays"
    assert "Phase changée le" in words(opened.get(f"/equipe/projets/{world.project('A1').key}/"))


def test_the_side_of_the_vendor(browser, world: World) -> None:
    here = address(world)
    admin, manager = browser("admin"), browser("manager")
    admin.post(here, {"act": "propose"})
    assert "Donner mon accord" not in words(admin.get(here))
    assert "Donner mon accord" in words(manager.get(here))
    assert manager.post(here, {"act": "agree", "seen": seen()}).url == f"{here}?fait=accord"
    assert admin.post(here, {"act": "withdraw", "seen": seen()}).url == f"{here}?fait=bascule-retiree"
    admin.post(here, {"act": "propose"})
    assert manager.post(here, {"act": "refuse", "seen": seen(), "reason": "Non."}).url == f"{here}?fait=bascule-refusee"
    assert manager.post(here, {"act": "autre"}).status_code == 422
    assert PhaseChange.objects.count() == 2


def test_the_client_refuses(browser, world: World) -> None:
    browser("manager").post(address(world), {"act": "propose"})
    there = f"/projets/{world.project('A1').key}/bascule/"
    assert "Donner mon accord" not in words(browser("dec").get(there))
    assert browser("dec").post(there, {"act": "agree", "seen": seen()}).status_code == 403
    assert (
        browser("pm")
        .post(there, {"act": "refuse", "seen": seen(), "reason": "Trop tôt."})
        .url.endswith("?fait=bascule-refusee")
    )
    assert "Aucun changement de phase" in words(browser("pm").get(there))


def test_who_does_not_manage_projects_reads_only(browser, world: World) -> None:
    page = browser("agent").get(address(world))
    assert "Demander les accords" not in words(page)
    assert browser("agent").post(address(world), {"act": "propose"}).status_code == 403


def test_the_record_tells_what_was_open_when_it_was_done(browser, world: World) -> None:
    closed, moved = (say(world, "agent", new_ticket(world, title=title), "start") for title in ("Clos", "Bougé"))
    browser("manager").post(address(world), {"act": "propose"})
    say(world, "pm", say(world, "agent", closed, "process", "Fait."), "close", "Merci.")
    say(world, "agent", moved, "ask_client", "Où ?")
    since = new_ticket(world, title="Ouvert depuis")
    there = f"/projets/{world.project('A1').key}/bascule/"
    assert in_order(browser("pm").get(there), "Tickets ouverts à la proposition", "Clos", "a changé depuis")
    browser("pm").post(there, {"act": "agree", "seen": seen()})
    page = browser("pm").get(there)
    assert in_order(page, "Tickets ouverts au passage", "Clos avait changé entre-temps", "Ouvert depuis Poursuivi")
    assert in_order(page, "Bougé avait changé entre-temps : laissé en l'état")
    assert since.reference in words(page)


def test_a_reason_typed_before_an_agreement_is_not_thrown_away(browser, world: World) -> None:
    browser("manager").post(address(world), {"act": "propose"})
    there = f"/projets/{world.project('A1').key}/bascule/"
    answer = browser("pm").post(there, {"act": "agree", "seen": seen(), "reason": "D'accord à partir du 15."})
    assert answer.status_code == 422
    assert "Ce motif ne partirait pas : effacez-le pour donner votre accord, ou refusez." in words(answer)
    assert "D&#39;accord à partir du 15." in answer.text or "D'accord à partir du 15." in answer.text
    assert browser("pm").post(there, {"act": "agree", "seen": seen(), "reason": " "}).status_code == 302


def test_the_page_of_a_project_says_that_a_change_waits(browser, world: World) -> None:
    opened, path = browser("manager"), f"/equipe/projets/{world.project('A1').key}/"
    opened.post(address(world), {"act": "propose"})
    page = words(opened.get(path))
    assert "Changement de phase proposé" in page
    assert "Voir le changement de phase proposé" in page
    assert "Préparer le passage" not in page
    opened.post(address(world), {"act": "withdraw", "seen": seen()})
    assert "Préparer le passage en exploitation" in words(opened.get(path))


def test_an_archived_project_asks_for_no_agreement(browser, world: World) -> None:
    browser("manager").post(address(world), {"act": "propose"})
    Project.objects.filter(pk=world.project("A1").pk).update(archived_at=clock.now())
    assert "Donner mon accord" not in words(browser("pm").get(f"/projets/{world.project('A1').key}/bascule/"))
    assert "accord" not in words(browser("pm").get(f"/projets/{world.project('A1').key}/"))
