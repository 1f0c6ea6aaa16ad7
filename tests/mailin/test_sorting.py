"""What the team does with the mails that wait: on a ticket, into a new one, aside, by domain, read again (R89, R93)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from calypso.base import clock, isolation
from calypso.base.files import path_of
from calypso.mailin import actions
from calypso.mailin.intake import receive
from calypso.mailin.models import MailboxPosition, ReceivedEmail, SenderRule
from calypso.mailin.processing import process_waiting
from calypso.mailin.queries import reading_is_late
from calypso.outbox import pause
from calypso.tickets.actions import drafts
from calypso.tickets.actions.conversation import note
from calypso.tickets.models import Attachment, Draft, Ticket, TicketEvent
from tests.files import PNG
from tests.mailin.mails import MAILBOX, answer, arrive
from tests.pages import fill, form, words
from tests.world import World, say

pytestmark = pytest.mark.usefixtures("read_here")
LIST = "/equipe/courriers/recus/"


def stranger(world: World, words: str = "Où sont nos badges ?", **options: Any) -> ReceivedEmail:
    options = {"sender": "Jeanne MOREAU <jeanne@salon-lyon.example>", "to": MAILBOX, "Subject": "Badges", **options}
    return arrive(answer(world, "dec", world.ticket("A1"), words, **options))


class TestOnATicket:
    def test_the_composer_is_filled_in_and_sending_settles_the_mail(
        self, world: World, browser: Callable[..., Any]
    ) -> None:
        ticket, row = world.ticket("A1"), stranger(world, files={"plan.png": PNG})
        support = browser("support")
        opened = support.post(f"{LIST}{row.key}/rattacher/", {"reference": f" {ticket.reference.lower()} "})
        page = support.get(opened["Location"].partition("#")[0]).content.decode()
        assert "Message de Jeanne MOREAU" in page
        composer = page.partition('id="id_body"')[2].partition("</textarea>")[0]
        assert "jeanne@salon-lyon.example" not in composer
        assert "plan.png" in page
        assert ReceivedEmail.objects.get(pk=row.pk).state == "held"
        note(world.support, ticket=ticket, body="De Jeanne : où sont nos badges ?", form_key=row.key)
        row.refresh_from_db()
        event = TicketEvent.objects.get(pk=row.event_id)
        assert (row.state, row.settled_by_id, event.internal) == ("applied", world.support.pk, True)
        assert [file.name for file in Attachment.objects.filter(event=event)] == ["plan.png"]
        assert "Trié par" in support.get(f"{LIST}{row.key}/").content.decode()

    def test_two_people_settle_it_once(self, world: World, browser: Callable[..., Any]) -> None:
        ticket, row = world.ticket("A1"), stranger(world)
        for who in ("support", "manager"):
            browser(who).post(f"{LIST}{row.key}/rattacher/", {"reference": ticket.reference})
        note(world.support, ticket=ticket, body="Une fois", form_key=row.key)
        count = TicketEvent.objects.count()
        with pytest.raises(Exception, match=f"déjà sur le ticket {ticket.reference}"):
            note(world.manager, ticket=ticket, body="Deux fois", form_key=row.key)
        assert TicketEvent.objects.count() == count
        for act in ("rattacher", "ticket"):
            again = browser("manager").post(f"{LIST}{row.key}/{act}/", {"reference": ticket.reference})
            assert again.status_code == 409

    @pytest.mark.parametrize("reference", ["", "ABC", "ZZZZZZZ", "A" * 500])
    def test_a_reference_of_nothing_is_said(self, world: World, browser: Callable[..., Any], reference: str) -> None:
        row = stranger(world)
        refused = browser("support").post(f"{LIST}{row.key}/rattacher/", {"reference": reference})
        assert (refused.status_code, "Aucun ticket" in refused.content.decode()) == (422, True)

    def test_the_ticket_that_it_seems_to_be_about_is_proposed(self, world: World, browser: Callable[..., Any]) -> None:
        row = stranger(world, Subject=f"RE: [{world.ticket('A1').reference}] Badge")
        page = browser("support").get(f"{LIST}{row.key}/").content.decode()
        assert f'value="{world.ticket("A1").reference}"' in page

    def test_r98_what_answers_a_closed_ticket_is_seen_beside_it(
        self, world: World, browser: Callable[..., Any]
    ) -> None:
        ticket = world.ticket("A1")
        say(world, "dec", ticket, "close", "Fini")
        row = arrive(answer(world, "dec", ticket, "Encore en panne."))
        page = browser("manager").get(f"/equipe/tickets/{ticket.reference}/").content.decode()
        assert f"{LIST}{row.key}/" in page

    def test_a_mail_that_can_no_longer_be_read_brings_its_text(
        self, world: World, browser: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = stranger(world)

        def died(*_arguments: object, **_bounds: object) -> bytes:
            raise isolation.Died

        monkeypatch.setattr(isolation, "run", died)
        key, _all_files = actions.write_with(world.support, mail=row, opening=True, page="/equipe/tickets/nouveau/")
        assert (
            "Où sont nos badges" in browser("support").get(f"/equipe/tickets/nouveau/?brouillon={key}").content.decode()
        )


class TestWithCare:
    def test_a_closed_ticket_is_refused_on_the_spot(self, world: World, browser: Callable[..., Any]) -> None:
        ticket, row = world.ticket("A1"), stranger(world)
        say(world, "dec", ticket, "close", "Fini")
        refused = browser("support").post(f"{LIST}{row.key}/rattacher/", {"reference": ticket.reference})
        assert (refused.status_code, "ne change plus" in refused.content.decode()) == (409, True)

    def test_what_was_begun_with_a_mail_is_taken_up_and_files_left_out_are_said(
        self, world: World, browser: Callable[..., Any]
    ) -> None:
        ticket = world.ticket("A1")
        row = stranger(world, files={f"{number}.pdf": b"%PDF-1.4" for number in range(7)})
        support = browser("support")
        assert "0.pdf, 1.pdf" in support.get(f"{LIST}{row.key}/").content.decode()
        opened = support.post(f"{LIST}{row.key}/rattacher/", {"reference": ticket.reference})
        assert "fait=fichiers-restes" in opened["Location"]
        words_kept = {"body": "Mes mots"}
        drafts.keep_text(world.support, form_key=row.key, purpose=Draft.Purpose.COMMENT, fields=words_kept, page="/x/")
        again = support.post(f"{LIST}{row.key}/rattacher/", {"reference": ticket.reference})
        assert "Mes mots" in support.get(again["Location"].partition("#")[0]).content.decode()

    def test_an_entry_written_with_a_mail_leads_to_it(self, world: World, browser: Callable[..., Any]) -> None:
        ticket, row = world.ticket("A1"), stranger(world)
        event = note(world.support, ticket=ticket, body="De Jeanne", form_key=row.key)
        page = browser("agent").get(f"/equipe/tickets/{ticket.reference}/").content.decode()
        assert f"/tickets/{ticket.reference}/message/{event.key}/" in page


def test_a_message_of_nobody_is_shown(world: World, browser: Callable[..., Any]) -> None:
    row = arrive(b"Subject: Sans personne\n\nBonjour.\n")
    page = words(browser("support").get(f"{LIST}{row.key}/"))
    assert "Expéditeur illisible" in page
    assert "L'inviter" not in page


def test_a_ticket_is_opened_with_the_mail_of_a_contact(world: World, browser: Callable[..., Any]) -> None:
    row = arrive(answer(world, "dec", world.ticket("A1"), "Une autre panne.", to=MAILBOX, Subject="Re: Panne"))
    support = browser("support")
    opened = support.post(f"{LIST}{row.key}/ticket/")
    assert f"personne={world.dec.key}" in opened["Location"]
    page = support.get(f"{opened['Location']}&projet={world.project('A1').key}")
    fields = fill(form(page, "/equipe/tickets/nouveau/"))
    assert (fields["title"], fields["description"]) == (["Panne"], ["Une autre panne."])
    facts = {"project": world.project("A1").key, "author": world.dec.key, "priority": "2"}
    done = support.post("/equipe/tickets/nouveau/", {**fields, **facts})
    assert done.status_code == 302
    row.refresh_from_db()
    ticket = Ticket.objects.get(pk=row.ticket_id)
    assert (row.state, ticket.author_id, ticket.title) == ("applied", world.dec.pk, "Panne")


def test_a_stranger_is_invited_then_the_mail_read_again(world: World, browser: Callable[..., Any]) -> None:
    row = arrive(
        answer(world, "dec", world.ticket("A1"), "Bonjour", sender="Zoé NEUVE <zoe@alpha.example>", to=MAILBOX)
    )
    manager = browser("manager")
    page = manager.get(f"{LIST}{row.key}/").content.decode()
    invite = re.search(r'href="([^"]*societes/[^"]*email=[^"]*)"', page)[1].replace("&amp;", "&")
    company = manager.get(invite).content.decode()
    assert 'value="zoe@alpha.example"' in company
    assert 'value="Zoé"' in company
    assert 'value="NEUVE"' in company
    say(world, "agent", world.ticket("A1"), "comment", "Un point")
    assert manager.post(f"{LIST}{row.key}/relire/").status_code == 302
    process_waiting()
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("held", 1)


class TestOriginal:
    """R97: the whole message, for its author and for the team alone: it quotes others."""

    def test_who_reads_it(self, world: World, browser: Callable[..., Any]) -> None:
        ticket = world.ticket("A1")
        row = arrive(answer(world, "dec", ticket, "Oui.\n\n-- \nDenis, poste 12"))
        event = TicketEvent.objects.get(pk=row.event_id)
        path = f"/tickets/{ticket.reference}/message/{event.key}/"
        for who in ("dec", "agent", "manager"):
            page = browser(who).get(path)
            assert (page.status_code, "poste 12" in page.content.decode()) == (200, True)
        assert path in browser("dec").get(f"/tickets/{ticket.reference}/").content.decode()
        for who in ("pm", "out", "bpm", "rd"):
            assert browser(who).get(path).status_code == 404
        page = browser("pm").get(f"/tickets/{ticket.reference}/").content.decode()
        assert ("par e-mail" in page, path in page) == (True, False)

    def test_an_entry_that_came_by_the_page_has_none(self, world: World, browser: Callable[..., Any]) -> None:
        ticket = world.ticket("A1")
        event = TicketEvent.objects.filter(ticket=ticket, source="web", internal=False).first()
        for key in (event.key, "nulle", "a.b"):
            assert browser("manager").get(f"/tickets/{ticket.reference}/message/{key}/").status_code == 404

    def test_the_raw_message_is_a_download_of_the_team(self, world: World, browser: Callable[..., Any]) -> None:
        row = stranger(world)
        got = browser("support").get(f"{LIST}{row.key}/message/")
        assert got.content.startswith(b"From: ")
        assert got["Content-Disposition"] == f'attachment; filename="{row.key}.eml"'
        assert "sandbox" in got["Content-Security-Policy"]
        path_of(row.stored).unlink()
        assert browser("support").get(f"{LIST}{row.key}/message/").status_code == 404
        assert browser("support").get(f"{LIST}nulle/message/").status_code == 404


class TestHealth:
    """R145, R155: a mailbox that is not looked into any more is said."""

    def test_a_mailbox_not_looked_into_for_a_quarter_of_an_hour(self, world: World, settings: Any) -> None:
        limit = timedelta(minutes=15)
        assert not reading_is_late(limit)
        settings.MAILBOX = {"host": "h", "port": 1, "username": "u", "folder": "INBOX"}
        assert reading_is_late(limit)
        position = MailboxPosition.objects.create(mailbox="u@h:1/INBOX", validity="1", read_at=clock.now())
        assert not reading_is_late(limit)
        MailboxPosition.objects.filter(pk=position.pk).update(read_at=clock.ago(minutes=16))
        assert reading_is_late(limit)

    def test_a_message_that_nobody_reads(self, world: World) -> None:
        row = receive(answer(world, "dec", world.ticket("A1"), "Oui."))
        assert not reading_is_late(timedelta(minutes=15))
        ReceivedEmail.objects.filter(pk=row.pk).update(received_at=clock.ago(minutes=16))
        assert reading_is_late(timedelta(minutes=15))

    @pytest.mark.parametrize(
        "case,word",
        [("late", "n'est plus lue"), ("none", "aucune adresse"), ("held", "1 message à trier"), ("paused", "en pause")],
    )
    def test_the_health_page_says_it(
        self, world: World, settings: Any, browser: Callable[..., Any], case: str, word: str
    ) -> None:
        if case == "late":
            settings.MAILBOX = {"host": "h", "port": 1, "username": "u", "folder": "INBOX"}
        elif case == "none":
            settings.REPLY_ADDRESS = ""
        elif case == "held":
            stranger(world)
        else:
            pause.pause()
        page = words(browser("admin").get("/equipe/etat/"))
        pause.resume()
        assert word in page


class TestAside:
    def test_chosen_mails_are_set_aside_and_taken_up_again(self, world: World, browser: Callable[..., Any]) -> None:
        rows = [stranger(world, f"Message {number}") for number in range(3)]
        support = browser("support")
        support.post(f"{LIST}trier/", {"mails": [row.key for row in rows[:2]], "act": "ecarter"})
        assert sorted(ReceivedEmail.objects.values_list("state", flat=True)) == ["discarded", "discarded", "held"]
        assert "Message 0" in support.get(f"{LIST}?etat=discarded").content.decode()
        assert "fait=rien-coche" in support.post(f"{LIST}trier/", {"act": "ecarter"})["Location"]
        back = support.post(
            f"{LIST}trier/", {"mails": [rows[0].key], "act": "reprendre", "etat": "discarded", "page": "1"}
        )
        assert back["Location"] == f"{LIST}?fait=a-trier&etat=discarded&page=1"
        assert ReceivedEmail.objects.get(pk=rows[0].pk).state == "held"

    def test_words_find_a_mail(self, world: World, browser: Callable[..., Any]) -> None:
        stranger(world, "Le badge est illisible")
        stranger(world, "Le tarif est faux")
        page = browser("support").get(f"{LIST}?q=illisible").content.decode()
        assert ("illisible" in page, "tarif" in page) == (True, False)

    def test_a_domain_is_set_aside_now_and_as_it_comes(self, world: World, browser: Callable[..., Any]) -> None:
        first, second = stranger(world, "Un"), stranger(world, "Deux")
        support = browser("support")
        support.post(f"{LIST}{first.key}/domaine/")
        assert set(ReceivedEmail.objects.values_list("state", flat=True)) == {"discarded"}
        third = stranger(world, "Trois")
        assert (third.state, third.reason) == ("discarded", "unknown")
        assert "salon-lyon.example" in support.get(LIST).content.decode()
        support.post(f"{LIST}regles/retirer/", {"domain": "salon-lyon.example"})
        assert stranger(world, "Quatre").state == "held"
        assert ReceivedEmail.objects.get(pk=second.pk).state == "discarded"

    def test_never_the_domain_of_an_account(self, world: World, browser: Callable[..., Any]) -> None:
        row = stranger(world, sender="autre@alpha.example")
        refused = browser("support").post(f"{LIST}{row.key}/domaine/")
        assert (refused.status_code, SenderRule.objects.exists()) == (422, False)
        assert str(SenderRule(domain="x.example")) == "x.example"


def test_the_count_is_in_the_navigation_of_who_may_sort(world: World, browser: Callable[..., Any]) -> None:
    stranger(world)
    assert LIST in browser("support").get("/equipe/").content.decode()
    assert LIST not in browser("agent").get("/equipe/").content.decode()
