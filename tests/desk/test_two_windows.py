"""Two windows on one thing: each writes what it changed, none undoes the other (R102); what is erased stays so (R130)."""

from dataclasses import dataclass

import pytest

from calypso.accounts.actions.erasing import erase_person
from calypso.accounts.actions.people import set_contact_active
from calypso.accounts.models import User
from calypso.base.editing import merge
from calypso.base.errors import Conflict
from calypso.outbox.models import OutgoingEmail
from calypso.phases.models import PhaseChange
from calypso.projects.actions import set_archived
from calypso.projects.models import Project
from calypso.tickets.models import Ticket
from tests.pages import fill, form, in_order, words
from tests.world import World, new_ticket, say

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Sheet:
    name: str
    days: int | None = None


class TestMerge:
    @pytest.mark.parametrize(
        "shown, asked, now, written",
        [
            (Sheet("a", 1), Sheet("b", 1), Sheet("a", 2), Sheet("b", 2)),
            (Sheet("a", 1), Sheet("a", 3), Sheet("c", 1), Sheet("c", 3)),
            (Sheet("a", 1), Sheet("b", 1), Sheet("b", 1), Sheet("b", 1)),
            (Sheet("a", 1), Sheet("a", None), Sheet("a", 1), Sheet("a", None)),
            (Sheet("a\nb"), Sheet("a\r\nb "), Sheet("c"), Sheet("c")),
            (None, Sheet("b", 1), Sheet("a", 2), Sheet("b", 1)),
        ],
    )
    def test_each_writes_what_it_changed(self, shown: Sheet | None, asked: Sheet, now: Sheet, written: Sheet) -> None:
        assert merge(shown, asked, now) == written

    def test_both_changed_the_same(self) -> None:
        with pytest.raises(Conflict):
            merge(Sheet("a", 1), Sheet("b", 1), Sheet("c", 1))


class TestProject:
    def test_r102_a_page_left_open_undoes_nothing(self, world: World, browser) -> None:
        project, opened = world.project("A2"), browser("manager")
        here = f"/equipe/projets/{project.key}/"
        first, second = (form(opened.get(here), "") for _window in range(2))
        assert opened.post(here, fill(first, event_date="2027-01-15")).status_code == 302
        assert opened.post(here, fill(second, remind_days="3", by_batch="on")).status_code == 302
        kept = Project.objects.get(pk=project.pk)
        assert (str(kept.event_date), kept.remind_days, kept.by_batch) == ("2027-01-15", 3, True)

    def test_r102_who_changes_the_same_is_told_and_may_insist(self, world: World, browser) -> None:
        project, opened = world.project("A2"), browser("manager")
        here = f"/equipe/projets/{project.key}/"
        stale = form(opened.get(here), "")
        opened.post(here, fill(form(opened.get(here), ""), event_date="2027-01-15"))
        refused = opened.post(here, fill(stale, event_date="2027-03-03"))
        assert refused.status_code == 409
        assert "Quelqu'un a changé la même chose" in words(refused)
        again = form(refused, "")
        assert again["event_date"] == ["2027-03-03"], "what was typed is given back"
        assert opened.post(here, again).status_code == 302
        assert str(Project.objects.get(pk=project.pk).event_date) == "2027-03-03"

    def test_who_corrects_a_project_that_was_archived_is_told_and_finds_the_name_again(
        self, world: World, browser
    ) -> None:
        project, opened = world.project("A2"), browser("manager")
        here = f"/equipe/projets/{project.key}/"
        stale = form(opened.get(here), "")
        set_archived(world.manager, project=project, archived=True)
        refused = opened.post(here, fill(stale, name="Un nom choisi"))
        assert refused.status_code == 409
        assert in_order(refused, "n'a pas été enregistré", "archivé", "Un nom choisi")

    @pytest.mark.parametrize("told", ["", "[]", "{", "[" * 50_000, '{"event_date": ["x", 1]}'])
    def test_r58_what_the_page_showed_is_only_what_it_says(self, told: str, world: World, browser) -> None:
        project, opened = world.project("A2"), browser("manager")
        here = f"/equipe/projets/{project.key}/"
        fields = fill(form(opened.get(here), ""), vu=told, name="Autre nom")
        assert opened.post(here, fields).status_code in (302, 422)


class TestContact:
    def test_r102_a_correction_of_the_address_is_not_undone(self, world: World, browser) -> None:
        person, opened = world.dec, browser("manager")
        here = f"/equipe/contacts/{person.key}/"
        stale = form(opened.get(here), "")
        opened.post(here, fill(form(opened.get(here), ""), email="juste@alpha.example"))
        assert opened.post(here, fill(stale, first_name="Denise")).status_code == 302
        person.refresh_from_db()
        assert (person.email, person.first_name) == ("juste@alpha.example", "Denise")

    def test_r130_nothing_brings_an_erased_person_back(self, world: World, browser) -> None:
        person, opened = world.dec, browser("manager")
        here = f"/equipe/contacts/{person.key}/"
        stale = form(opened.get(here), "")
        set_contact_active(world.admin, person=person, active=False)
        erase_person(world.admin, person=User.objects.get(pk=person.pk))
        mails = OutgoingEmail.objects.count()
        refused = opened.post(here, fill(stale, first_name="Revenu"))
        assert refused.status_code == 409
        assert "Cette personne a été effacée" in words(refused)
        for path in ("activite", "invitation"):
            answer = opened.post(f"{here}{path}/", {"active": "1"})
            assert answer.status_code == 409, path
        left = User.objects.get(pk=person.pk)
        assert (left.first_name, left.active, left.is_erased) == ("Personne", False, True)
        assert OutgoingEmail.objects.count() == mails
        page = opened.get(here)
        assert 'name="first_name"' not in page.text
        assert "Réactiver" not in words(page)


class TestNotifications:
    def test_r102_a_choice_of_another_window_stays(self, world: World, browser) -> None:
        opened, here = browser("dec"), "/profil/notifications/"
        first, second = (form(opened.get(here), "") for _window in range(2))
        opened.post(here, fill(first, **{"tickets.closed": "daily"}))
        opened.post(here, fill(second, **{"tickets.vendor_comment": "daily"}))
        kept = User.objects.get(pk=world.dec.pk).notification_preferences
        assert {kind: following["mail"] for kind, following in kept.items()} == {
            "tickets.closed": "daily",
            "tickets.vendor_comment": "daily",
        }


class TestPhase:
    def test_r102_nobody_agrees_to_what_they_did_not_read(self, world: World, browser) -> None:
        ticket = say(world, "agent", new_ticket(world, title="À garder"), "start")
        desk, here = browser("manager"), f"/equipe/projets/{world.project('A1').key}/bascule/"
        client, there = browser("pm"), f"/projets/{world.project('A1').key}/bascule/"
        desk.post(here, fill(form(desk.get(here), ""), act="propose"))
        read = form(client.get(there), "")
        desk.post(here, {"act": "withdraw", "seen": PhaseChange.objects.get(state="proposed").key})
        close = {f"{ticket.reference}-choice": "close", f"{ticket.reference}-reason": "On ferme."}
        desk.post(here, {**fill(form(desk.get(here), ""), act="propose"), **close})
        for act in ("agree", "refuse"):
            answer = client.post(there, fill(read, act=act, reason="Un long motif de refus" if act == "refuse" else ""))
            assert answer.status_code == 409
            assert "La proposition a changé" in words(answer)
        assert "Un long motif de refus" in answer.text
        assert Ticket.objects.get(pk=ticket.pk).is_open
        assert client.post(there, fill(form(client.get(there), ""), act="agree")).status_code == 302
        assert not Ticket.objects.get(pk=ticket.pk).is_open

    def test_the_page_of_a_change_that_was_done_tells_that_change(self, world: World, browser) -> None:
        desk, here = browser("manager"), f"/equipe/projets/{world.project('A1').key}/bascule/"
        client, there = browser("pm"), f"/projets/{world.project('A1').key}/bascule/"
        desk.post(here, fill(form(desk.get(here), ""), act="propose"))
        proposed = words(client.get(there)).partition("Ce qui change")[2].partition("Délais visés")[0]
        client.post(there, fill(form(client.get(there), ""), act="agree"))
        done = words(client.get(there))
        assert done.partition("Ce qui change")[2].partition("Délais visés")[0] == proposed
        assert "Tickets ouverts au passage en « Exploitation »" in done
