"""What is being written is never lost: kept as one types, offered again, never sent twice nor swallowed (C8, R68, R103)."""

import pytest

from calypso.base import files
from calypso.tickets.models import Draft, DraftFile, Ticket, TicketEvent
from calypso.tickets.queries.drafts import unsent_draft
from tests.contracts.walk import address
from tests.pages import fill, form, in_order, words
from tests.world import World, upload

pytestmark = pytest.mark.django_db


def saved(opened, key: str, page: str, purpose: str = "comment", **typed: str):
    return opened.post(f"/brouillons/{purpose}/{key}/texte/", {"retour": page, "cle": key, **typed})


class TestKept:
    @pytest.mark.parametrize("who, route", [("dec", "portal:ticket"), ("agent", "desk:ticket")])
    def test_r68_a_text_left_unsent_is_offered_again_on_its_page(
        self, who: str, route: str, world: World, browser
    ) -> None:
        opened, page = browser(who), address(route, world)
        assert "Vous aviez commencé" not in words(opened.get(page))
        assert saved(opened, "tapee1", page, body="Bonjour, voici").text.startswith("Brouillon enregistré à ")
        assert in_order(opened.get(page), "Vous aviez commencé à écrire ici", "Bonjour, voici", "Reprendre", "Jeter")
        again = opened.get(f"{page}?brouillon=tapee1")
        assert "Bonjour, voici" in again.text
        assert "Vous aviez commencé" not in words(again)
        assert "Vous aviez commencé" not in words(browser("pm").get(address("portal:ticket", world)))

    def test_r68_so_is_a_request_half_written(self, world: World, browser) -> None:
        opened, page = browser("dec"), address("portal:new_in_project", world)
        saved(opened, "tapee2", page, "opening", title="Le plan du hall", priority="4", context="Ouverture")
        assert "Le plan du hall" in words(opened.get(page))
        typed = form(opened.get(f"{page}?brouillon=tapee2"), page)
        assert (typed["title"], typed["priority"], typed["context"]) == (["Le plan du hall"], ["4"], ["Ouverture"])

    def test_what_is_emptied_is_not_kept_unless_it_holds_a_file(self, world: World, browser) -> None:
        opened, page = browser("dec"), address("portal:ticket", world)
        saved(opened, "tapee3", page, body="x")
        assert saved(opened, "tapee3", page, body="  ").text == ""
        assert unsent_draft(world.dec, page) is None
        upload(world.dec, "tapee4", Draft.Purpose.COMMENT, "a.png")
        saved(opened, "tapee4", page, body="")
        assert unsent_draft(world.dec, page).words == ""
        assert "Reprendre" in words(opened.get(page))

    def test_it_is_thrown_away_with_its_files(self, world: World, browser) -> None:
        opened, page = browser("dec"), address("portal:ticket", world)
        upload(world.dec, "tapee5", Draft.Purpose.COMMENT, "a.png")
        stored = DraftFile.objects.get(draft__key="tapee5").stored
        saved(opened, "tapee5", page, body="x")
        assert browser("obs").post("/brouillons/comment/tapee5/jeter/", {"retour": page}).status_code == 302
        assert unsent_draft(world.dec, page) is not None, "another person throws nothing away"
        assert opened.post("/brouillons/comment/tapee5/jeter/", {"retour": page})["Location"] == page
        assert unsent_draft(world.dec, page) is None
        assert not files.path_of(stored).exists()

    @pytest.mark.parametrize("back", ["https://ailleurs.example/", "//ailleurs.example", "ailleurs", ""])
    def test_r38_throwing_away_leads_nowhere_else(self, back: str, browser) -> None:
        assert browser("dec").post("/brouillons/comment/rien/jeter/", {"retour": back})["Location"] == "/"

    def test_a_save_that_arrives_after_the_form_was_sent_keeps_nothing(self, world: World, browser) -> None:
        opened, page = browser("dec"), address("portal:ticket", world)
        fields = fill(form(opened.get(page), f"{page}envoyer/"), body="Envoyé")
        opened.post(f"{page}envoyer/", {**fields, "act": "comment"})
        assert saved(opened, fields["cle"][0], page, body="Envoyé").text == ""
        assert unsent_draft(world.dec, page) is None

    @pytest.mark.parametrize("who, route", [("dec", "portal:ticket"), ("agent", "desk:ticket")])
    def test_a_text_that_was_sent_from_another_window_is_offered_no_more(
        self, who: str, route: str, world: World, browser
    ) -> None:
        opened, page = browser(who), address(route, world)
        saved(opened, "tapee6", page, body="Le même\ntexte")
        upload(world.person(who), "tapee7", Draft.Purpose.COMMENT, "a.png")
        saved(opened, "tapee7", page, body="Le même\ntexte")
        fields = fill(form(opened.get(page), f"{page}envoyer/"), body="Le même\r\ntexte")
        assert opened.post(f"{page}envoyer/", {**fields, "act": "comment"}).status_code == 302
        assert unsent_draft(world.person(who), page).key == "tapee7", "its file did not leave"

    def test_so_is_a_request(self, world: World, browser) -> None:
        opened, page = browser("dec"), address("portal:new_in_project", world)
        saved(opened, "tapee8", page, "opening", title="Deux fois")
        fields = fill(form(opened.get(page), page), title="Deux fois", priority="1")
        assert opened.post(page, fields).status_code == 302
        assert unsent_draft(world.dec, page) is None

    def test_an_unknown_purpose_is_no_page(self, browser) -> None:
        assert browser("dec").post("/brouillons/autre/cle/texte/", {"body": "x"}).status_code == 404


class TestWhomItIsFor:
    """A note that is taken up again is a note: nothing that was written for the team turns to the client (R11)."""

    BESIDE = (
        ("affecter", {"take": "1"}),
        ("affecter", {"assignee": "agent"}),
        ("priorite", {"priority": "2", "reason": "Moins pressé"}),
        ("rd", {"rd_reference": "RD-1"}),
        ("a-faire", {"todo": "Rappeler"}),
        ("temps", {"spent": "15"}),
        ("liens", {"link_kind": "blocks", "link_reference": "B1"}),
        ("probleme", {"issue_title": "Lecteur de badges"}),
    )

    @pytest.mark.parametrize("act, given", BESIDE, ids=lambda value: value if isinstance(value, str) else "")
    def test_r11_an_act_beside_a_note_leaves_a_note(self, act: str, given: dict, world: World, browser) -> None:
        opened, page = browser("manager"), address("desk:ticket", world)
        fields = fill(form(opened.get(page), f"{page}envoyer/"), body="Pour nous", kind="note", spent_note="Vu hier")
        known = {"agent": world.agent.key, "B1": world.ticket("B1").reference}
        sent = {name: known.get(value, value) for name, value in given.items()}
        answer = opened.post(f"{page}{act}/", {**fields, **sent}, follow=True)
        assert answer.redirect_chain, act
        again = form(answer, f"{page}envoyer/")
        assert (again["body"], again["kind"]) == (["Pour nous"], ["note"])
        assert ('value="Vu hier"' in answer.text) == (act != "temps"), "what another act is for waits for it"
        assert 'value="Rappeler"' not in answer.text, "what an act took is not to be done twice"

    def test_r11_a_note_left_unsent_is_offered_as_a_note(self, world: World, browser) -> None:
        opened, page = browser("agent"), address("desk:ticket", world)
        saved(opened, "note1", page, body="Pour nous", kind="note")
        assert in_order(opened.get(page), "Note interne", "Vous aviez commencé à écrire ici", "Pour nous")
        assert form(opened.get(f"{page}?brouillon=note1"), f"{page}envoyer/")["kind"] == ["note"]

    def test_r11_r120_a_note_of_an_ended_session_comes_back_as_a_note(self, world: World, browser) -> None:
        opened, page = browser("agent"), address("desk:ticket", world)
        fields = fill(form(opened.get(page), f"{page}envoyer/"), body="Pour nous", kind="note")
        del opened.cookies["calypso"]
        assert opened.post(f"{page}envoyer/", {**fields, "act": "note"}).status_code == 302
        back = form(browser("agent").get(f"{page}?brouillon={fields['cle'][0]}"), f"{page}envoyer/")
        assert (back["body"], back["kind"]) == (["Pour nous"], ["note"])

    def test_r120_the_act_of_an_ended_session_is_the_main_one_again(self, world: World, browser) -> None:
        opened, page = browser("dec"), address("portal:ticket", world)
        fields = fill(form(opened.get(page), f"{page}envoyer/"), body="Réglé")
        del opened.cookies["calypso"]
        opened.post(f"{page}envoyer/", {**fields, "act": "close"})
        answer = browser("dec").get(f"{page}?brouillon={fields['cle'][0]}").content.decode()
        assert 'class="button primary" name="act" value="close"' in answer


class TestSentTwice:
    """The page that Back brings holds a key that served: what is typed there is kept, and leaves under a new key."""

    def test_c5_another_comment_of_a_client(self, world: World, browser) -> None:
        opened, page = browser("dec"), address("portal:ticket", world)
        fields = {**form(opened.get(page), f"{page}envoyer/"), "act": "comment"}
        opened.post(f"{page}envoyer/", fill(fields, body="Premier"))
        refused = opened.post(f"{page}envoyer/", fill(fields, body="Second"))
        assert refused.status_code == 409
        assert "Ce formulaire a déjà servi" in words(refused)
        again = form(refused, f"{page}envoyer/")
        assert again["body"] == ["Second"]
        assert opened.post(f"{page}envoyer/", {**again, "act": "comment"}).status_code == 302
        said = TicketEvent.objects.filter(ticket=world.ticket("A1"), kind="commented").order_by("-id")
        assert [event.body for event in said[:2]] == ["Second", "Premier"]

    def test_c5_another_note_of_the_team(self, world: World, browser) -> None:
        opened, page = browser("agent"), address("desk:ticket", world)
        fields = {**form(opened.get(page), f"{page}envoyer/"), "kind": "note", "act": "note"}
        opened.post(f"{page}envoyer/", fill(fields, body="Première"))
        refused = opened.post(f"{page}envoyer/", fill(fields, body="Seconde"))
        again = form(refused, f"{page}envoyer/")
        assert (refused.status_code, again["body"]) == (409, ["Seconde"])
        assert again["kind"] == ["note"]
        assert opened.post(f"{page}envoyer/", {**again, "act": "note"}).status_code == 302

    @pytest.mark.parametrize("who", ["dec", "agent"])
    def test_c5_r103_another_request_is_not_swallowed(self, who: str, world: World, browser) -> None:
        opened = browser(who)
        page = address("portal:new_in_project", world) if who == "dec" else address("desk:new", world)
        fields = fill(form(opened.get(page), page), title="Un sujet", priority="2")
        if who == "agent":
            fields = fill(fields, project=world.project("A1").key, author=world.dec.key)
        assert opened.post(page, fields).status_code == 302
        assert opened.post(page, fields).status_code == 302, "the same request sent twice is one ticket"
        refused = opened.post(page, fill(fields, title="Un autre sujet"))
        again = form(refused, page)
        assert (refused.status_code, again["title"]) == (409, ["Un autre sujet"])
        assert opened.post(page, fill(again, priority="2")).status_code == 302
        assert Ticket.objects.filter(title__in=["Un sujet", "Un autre sujet"]).count() == 2

    def test_c5_a_project_archived_meanwhile_keeps_the_request(self, world: World, browser) -> None:
        from calypso.projects.actions import set_archived

        opened, page = browser("dec"), address("portal:new_in_project", world)
        fields = fill(form(opened.get(page), page), title="Un sujet", priority="2")
        set_archived(world.manager, project=world.project("A1"), archived=True)
        refused = opened.post(page, fields)
        assert refused.status_code == 409
        assert form(refused, page)["title"] == ["Un sujet"]
