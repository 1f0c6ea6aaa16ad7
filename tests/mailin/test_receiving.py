"""What becomes of a received message, rule by rule (R85–R99)."""

import os
from typing import Any

import pytest

from calypso.accounts.actions.erasing import erase_person
from calypso.accounts.models import User
from calypso.accounts.privacy import personal_data
from calypso.base import isolation
from calypso.base.files import path_of
from calypso.base.reply_addresses import Tone, reply_address
from calypso.mailin import intake, processing
from calypso.mailin.intake import receive
from calypso.mailin.models import ReceivedEmail
from calypso.outbox import pause
from calypso.outbox.models import Notification, OutgoingEmail
from calypso.projects import actions as projects
from calypso.tickets.actions.steps import assign
from calypso.tickets.models import Attachment, Ticket, TicketEvent, TicketFollow
from calypso.tickets.tasks import sweep_files
from tests.files import PNG
from tests.mailin.mails import MAILBOX, answer, arrive
from tests.world import World, address, say

pytestmark = pytest.mark.usefixtures("read_here")


def events(ticket: Ticket) -> int:
    return TicketEvent.objects.filter(ticket=ticket).count()


def told(who: str) -> list[OutgoingEmail]:
    """What a person was answered to their messages."""
    return list(OutgoingEmail.objects.filter(recipient=address(who), kind__startswith="mailin.").order_by("id"))


def in_state(world: World, state: str) -> Ticket:
    """The ticket of A1 in a state of the workflow, reached by the team's acts."""
    ticket = world.ticket("A1")
    steps = {
        "new": [],
        "assigned": [],
        "in_progress": ["start"],
        "rd": ["start", "hand_to_rd"],
        "waiting": ["start", "ask_client"],
        "follow_up": ["start", "follow_up"],
        "processed": ["start", "process"],
        "returned": ["start", "process", "return"],
        "closed": ["close"],
    }[state]
    for step in steps:
        who = "dec" if step in ("return", "close") else "manager"
        say(world, who, ticket, step, f"Pour {step}")
    if state == "assigned":
        assign(world.manager, ticket=ticket, assignee=world.agent, seen_version=ticket.version)
    return world.ticket("A1")


class TestWhoIsBelieved:
    """R85: the address, the sender, our server's word; each missing in turn."""

    def test_r85_all_three_make_a_comment(self, world: World, settings: Any) -> None:
        settings.MAIL_AUTHSERV = "mx.leni.example"
        ticket = world.ticket("A1")
        proof = "mx.leni.example; dmarc=pass header.from=alpha.example"
        row = arrive(answer(world, "dec", ticket, "Oui.", Authentication_Results=proof))
        assert (row.state, row.ticket_id, row.person_id) == ("applied", ticket.pk, world.dec.pk)

    @pytest.mark.parametrize(
        "results",
        [
            "",
            "mx.leni.example; dmarc=fail header.from=alpha.example",
            "mx.leni.example; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example",
            "mx.evil.example; dmarc=pass header.from=alpha.example",
            "mx.leni.example; none",
        ],
    )
    def test_r85_r88_what_our_server_did_not_prove_waits(self, world: World, settings: Any, results: str) -> None:
        settings.MAIL_AUTHSERV = "mx.leni.example"
        row = arrive(answer(world, "dec", world.ticket("A1"), "Oui.", Authentication_Results=results))
        assert (row.state, row.reason, told("dec")) == ("held", "unproven", [])

    def test_r88_a_forged_header_below_ours_proves_nothing(self, world: World, settings: Any) -> None:
        settings.MAIL_AUTHSERV = "mx.leni.example"
        raw = answer(world, "dec", world.ticket("A1"), "Oui.")
        ours = b"Authentication-Results: mx.leni.example; dmarc=fail\n"
        forged = b"Authentication-Results: mx.leni.example; dmarc=pass\n"
        assert arrive(ours + forged + raw).reason == "unproven"

    @pytest.mark.parametrize("proof", ["dkim=pass header.d=alpha.example", "spf=pass smtp.mailfrom=dec@alpha.example"])
    def test_r85_a_domain_without_a_policy_is_proven_by_its_key_or_its_servers(
        self, world: World, settings: Any, proof: str
    ) -> None:
        settings.MAIL_AUTHSERV = "mx.leni.example"
        results = f"mx.leni.example; dmarc=none; {proof}"
        assert (
            arrive(answer(world, "dec", world.ticket("A1"), "Oui.", Authentication_Results=results)).state == "applied"
        )

    def test_r85_the_address_of_another_person_or_ticket_waits(self, world: World) -> None:
        ticket, other = world.ticket("A1"), world.ticket("A3")
        theirs = reply_address(ticket.reference, world.obs.key)
        assert arrive(answer(world, "dec", ticket, "Un.", to=theirs)).reason == "not_theirs"
        mine = reply_address(other.reference, world.dec.key)
        crossed = f"tickets+{ticket.reference.lower()}.{mine.partition('.')[2]}"
        assert arrive(answer(world, "dec", ticket, "Deux.", to=crossed)).reason == "not_theirs"

    def test_r85_another_address_of_the_same_name_is_a_stranger(self, world: World) -> None:
        row = arrive(answer(world, "dec", world.ticket("A1"), "Oui.", sender="Denis ECLUSE <denis@gmail.example>"))
        assert (row.state, row.reason, row.person) == ("held", "unknown", None)

    def test_r85_a_reply_to_or_a_sender_header_says_nothing(self, world: World) -> None:
        raw = answer(
            world,
            "dec",
            world.ticket("A1"),
            "Oui.",
            sender="x@evil.example",
            Reply_To=address("dec"),
            Sender=address("dec"),
        )
        assert arrive(raw).reason == "unknown"

    @pytest.mark.parametrize("spelling", ["DEC@Alpha.Example", '"dec"@alpha.example', "dec@alpha.example (Denis)"])
    def test_r95_the_same_address_written_otherwise(self, world: World, spelling: str) -> None:
        assert arrive(answer(world, "dec", world.ticket("A1"), "Oui.", sender=spelling)).state == "applied"

    @pytest.mark.parametrize(
        "senders",
        ["dec@alpha.example, obs@alpha.example", "dec@alpha.example <x@evil.example>", "Denis"],
    )
    def test_r95_what_is_not_exactly_one_address_waits(self, world: World, senders: str) -> None:
        raw = answer(world, "dec", world.ticket("A1"), "Oui.").replace(
            f"From: {world.dec.full_name} <{address('dec')}>".encode(), f"From: {senders}".encode()
        )
        row = arrive(raw)
        assert (row.state, row.person, row.ticket) == ("held", None, None)

    def test_r86_people_in_copy_gain_nothing(self, world: World) -> None:
        ticket = world.ticket("A1")
        follows, people = TicketFollow.objects.count(), User.objects.count()
        row = arrive(answer(world, "dec", ticket, "Oui.", Cc=f"{address('out')}, nouveau@ailleurs.example"))
        after = world.ticket("A1")
        assert (row.state, after.follower_id) == ("applied", ticket.follower_id)
        assert (TicketFollow.objects.count(), User.objects.count()) == (follows, people)

    def test_r88_control_headers_from_outside_say_nothing(self, world: World) -> None:
        ticket = world.ticket("A1")
        raw = answer(
            world,
            "dec",
            ticket,
            "Oui.",
            X_Calypso_Ticket="B1",
            X_Calypso_State="closed",
            X_Original_To="autre@leni.example",
        )
        assert (arrive(raw).ticket_id, world.ticket("A1").state) == (ticket.pk, ticket.state)


class TestRights:
    """R87: those of the moment when the message is read."""

    def test_r87_a_right_lost_since(self, world: World) -> None:
        ticket = world.ticket("A1")
        raw = answer(world, "dec", ticket, "Oui.")
        projects.set_viewers(world.manager, project=ticket.project, keys={world.obs.key})
        row = arrive(raw)
        assert (row.state, row.reason, row.ticket, told("dec")) == ("held", "no_sight", None, [])

    def test_r87_an_account_that_ended(self, world: World) -> None:
        raw = answer(world, "dec", world.ticket("A1"), "Oui.")
        User.objects.filter(pk=world.dec.pk).update(active=False)
        assert (arrive(raw).reason, told("dec")) == ("inactive", [])

    def test_r87_an_archived_project_refuses_and_says_so(self, world: World) -> None:
        ticket = world.ticket("A3")
        row = arrive(answer(world, "dec", ticket, "Oui."))
        assert (row.state, row.reason, events(ticket)) == ("held", "refused", events(ticket))
        assert row.detail in told("dec")[0].text


class TestEffects:
    """R99: those of the form, state by state."""

    @pytest.mark.parametrize(
        "state,after,step",
        [
            ("new", "new", ""),
            ("assigned", "assigned", ""),
            ("in_progress", "in_progress", ""),
            ("rd", "rd", ""),
            ("waiting", "returned", "return"),
            ("follow_up", "follow_up", ""),
            ("processed", "processed", ""),
            ("returned", "returned", ""),
        ],
    )
    def test_r99_a_client_returns_what_waits_for_them_and_comments_else(
        self, world: World, state: str, after: str, step: str
    ) -> None:
        ticket = in_state(world, state)
        row = arrive(answer(world, "dec", ticket, "Clôturer. #close\nOui, c'est la borne 4."))
        event = TicketEvent.objects.get(pk=row.event_id)
        assert (world.ticket("A1").state, event.step) == (after, step)
        assert event.body == "Clôturer. #close\nOui, c'est la borne 4."
        assert ("qui retourne" in told("dec")[0].text) == bool(step)

    def test_r98_a_closed_ticket_stays_as_it_is_and_its_author_is_told_once_a_day(self, world: World) -> None:
        ticket = in_state(world, "closed")
        count = events(ticket)
        first, second = (arrive(answer(world, "dec", ticket, f"Encore {number}.")) for number in (1, 2))
        after = world.ticket("A1")
        assert {first.reason, second.reason} == {"closed"}
        assert (first.ticket_id, first.state, events(ticket)) == (ticket.pk, "held", count)
        assert (after.state, after.comment_count, after.activity_at) == (
            ticket.state,
            ticket.comment_count,
            ticket.activity_at,
        )
        assert ["créez un ticket" in mail.text for mail in told("dec")] == [True]

    def test_an_answer_of_the_team_is_read_by_the_client_and_takes_the_ticket(self, world: World) -> None:
        ticket = world.ticket("A1")
        row = arrive(answer(world, "agent", ticket, "Nous regardons."))
        event = TicketEvent.objects.get(pk=row.event_id)
        assert (event.internal, world.ticket("A1").assignee_id) == (False, world.agent.pk)
        assert OutgoingEmail.objects.filter(recipient=address("dec"), kind="tickets.vendor_comment").exists()

    def test_r11_an_answer_to_a_note_is_a_note(self, world: World) -> None:
        row = arrive(answer(world, "agent", world.ticket("A1"), "Entre nous.", tone=Tone.INTERNAL))
        event = TicketEvent.objects.get(pk=row.event_id)
        assert (event.internal, event.source) == (True, "mail")
        assert not OutgoingEmail.objects.filter(recipient=address("dec"), text__contains="Entre nous").exists()

    def test_decision_4_rd_writes_notes_only(self, world: World) -> None:
        ticket = in_state(world, "rd")
        row = arrive(answer(world, "rd", ticket, "Corrigé."))
        assert TicketEvent.objects.get(pk=row.event_id).internal

    def test_a_processed_ticket_says_that_it_stays_so_and_how_to_return_it(self, world: World) -> None:
        ticket = in_state(world, "processed")
        arrive(answer(world, "dec", ticket, "Le problème revient."))
        text = told("dec")[0].text
        assert "Le ticket reste dans l’état" in text
        assert "Retourner le ticket http" in text

    def test_files_come_along_and_those_refused_are_named(self, world: World) -> None:
        files = {"écran.png": PNG, "outil.exe": b"MZ\x90\0", **{f"{number}.png": PNG for number in range(5)}}
        row = arrive(answer(world, "dec", world.ticket("A1"), "Voici.", files=files))
        names = [file.name for file in Attachment.objects.filter(event=row.event_id).order_by("id")]
        assert names == ["écran.png", "0.png", "1.png", "2.png", "3.png"]
        text, body = told("dec")[0].text, TicketEvent.objects.get(pk=row.event_id).body
        for name in ("outil.exe", "4.png"):
            assert name in body
        assert "outil.exe" in text
        assert "4.png" in text

    def test_r66_a_company_without_room_left_loses_no_word(self, world: World, settings: Any) -> None:
        settings.ORGANIZATION_QUOTA_MB = 0
        row = arrive(answer(world, "dec", world.ticket("A1"), "Voici.", files={"écran.png": PNG}))
        assert (row.state, Attachment.objects.filter(event=row.event_id).exists()) == ("applied", False)
        assert "L’espace de votre société est plein" in told("dec")[0].text
        alone = arrive(answer(world, "dec", world.ticket("A1"), "", files={"écran.png": PNG}))
        assert (alone.state, alone.reason) == ("held", "refused")

    def test_files_alone_are_an_answer(self, world: World) -> None:
        row = arrive(answer(world, "dec", world.ticket("A1"), "", files={"écran.png": PNG}))
        assert TicketEvent.objects.get(pk=row.event_id).body == "Fichiers envoyés par e-mail."

    def test_nothing_of_theirs_is_kept_and_told(self, world: World) -> None:
        row = arrive(answer(world, "dec", world.ticket("A1"), "Le 24/11/2026, Léni a écrit :\n> Bonjour\n"))
        assert (row.state, row.reason) == ("held", "empty")
        assert "aucun texte" in told("dec")[0].text

    def test_a_text_longer_than_a_comment_ends_with_where_to_read_on(self, world: World) -> None:
        row = arrive(answer(world, "dec", world.ticket("A1"), "mot " * 8000))
        body = TicketEvent.objects.get(pk=row.event_id).body
        assert len(body) <= 20_000
        assert body.endswith("(La suite se lit dans le message d’origine.)")
        assert len(row.text) > 31_000

    def test_a_quotation_longer_than_what_is_read_says_that_more_may_follow(self, world: World) -> None:
        thread = "".join(f"> ligne {number} du fil\n" for number in range(6000))
        arrive(answer(world, "dec", world.ticket("A1"), f"Voici ma réponse.\n\n{thread}\nEt sous le fil."))
        body = TicketEvent.objects.latest("id").body
        assert body.startswith("Voici ma réponse.")
        assert body.endswith("(La suite se lit dans le message d’origine.)")

    def test_the_acknowledgement_speaks_the_language_of_its_reader(self, world: World) -> None:
        User.objects.filter(pk=world.dec.pk).update(locale="en")
        arrive(answer(world, "dec", world.ticket("A1"), "Yes."))
        assert "Your answer is on ticket" in told("dec")[0].text


class TestLoops:
    """R90: robots are not answered."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated (vacation)"},
            {"Precedence": "bulk"},
            {"Precedence": "junk"},
            {"Return_Path": "<>"},
            {"X_Calypso_Loop": "testserver"},
            {"X_Autoreply": "yes"},
            {"List_Id": "<equipe.alpha.example>"},
            {"Subject": "Réponse automatique : absent"},
            {"Subject": "Absence : Re: [ABC2DEF] Badge"},
        ],
    )
    def test_r82_r90_a_marked_robot_is_neither_a_comment_nor_answered(
        self, world: World, headers: dict[str, str]
    ) -> None:
        ticket = world.ticket("A1")
        count, mails = events(ticket), OutgoingEmail.objects.count()
        row = arrive(answer(world, "dec", ticket, "Je suis absent.", **headers))
        assert (row.state, row.ticket_id, events(ticket)) == ("ignored", ticket.pk, count)
        assert OutgoingEmail.objects.count() == mails

    def test_r90_a_person_who_says_no_robot_wrote_is_read(self, world: World) -> None:
        assert arrive(answer(world, "dec", world.ticket("A1"), "Oui.", Auto_Submitted="no")).state == "applied"

    def test_r90_two_robots_that_say_nothing_stop_after_one_exchange(self, world: World) -> None:
        """Each answers every mail with the same words; nothing in their messages says that they are robots."""
        ticket = world.ticket("A1")
        say(world, "manager", ticket, "start", "")
        answered: set[int] = set()
        rounds = 0
        for _turn in range(10):
            mails = OutgoingEmail.objects.filter(
                recipient__in=[address("dec"), address("manager")], about=f"ticket:{ticket.reference}"
            )
            new = [mail for mail in mails if mail.pk not in answered]
            if not new:
                break
            rounds += 1
            for mail in new:
                answered.add(mail.pk)
                who = mail.recipient.partition("@")[0]
                raw = answer(world, who, ticket, f"Absence de {who}.", Message_ID=f"<{mail.key}@robot.example>")
                arrive(raw)
        comments = TicketEvent.objects.filter(ticket=ticket, source="mail")
        assert rounds < 5
        assert sorted(comments.values_list("body", flat=True)) == ["Absence de dec.", "Absence de manager."]

    def test_r90_three_answers_an_hour_then_silence_and_the_team_knows(self, world: World) -> None:
        ticket = world.ticket("A1")
        for number in range(5):
            arrive(answer(world, "dec", ticket, f"Message {number}."))
        assert len(told("dec")) == 3
        assert TicketEvent.objects.filter(ticket=ticket, source="mail").count() == 5
        alert = Notification.objects.get(kind="mailin.silent", recipient_key=world.manager.key)
        assert ticket.reference in alert.title


class TestOnce:
    """R91, R92: stored first, and once."""

    def test_r91_the_same_message_twice_is_one(self, world: World) -> None:
        raw = answer(world, "dec", world.ticket("A1"), "Oui.")
        first = arrive(raw)
        again = arrive(b"Received: from elsewhere\r\nX-Moved: yes\r\n" + raw)
        assert first.pk == again.pk
        assert ReceivedEmail.objects.count() == 1

    def test_r152_two_readers_that_bring_it_at_once(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        raw = answer(world, "dec", world.ticket("A1"), "Oui.")
        crowd = intake._crowd

        def faster(sender: str) -> int:
            monkeypatch.setattr(intake, "_crowd", crowd)
            receive(raw)
            return 0

        monkeypatch.setattr(intake, "_crowd", faster)
        row = receive(raw)
        assert ReceivedEmail.objects.get() == row
        assert row.sender in str(row)

    def test_r91_without_a_message_id_the_content_tells(self, world: World) -> None:
        ticket = world.ticket("A1")
        one, other = (answer(world, "dec", ticket, words, Message_ID="") for words in ("Un.", "Deux."))
        rows = [arrive(raw) for raw in (one, other, one)]
        assert [row.state for row in rows] == ["applied"] * 3
        assert ReceivedEmail.objects.count() == 2

    def test_r91_the_same_id_with_other_content_is_kept_and_flagged(self, world: World) -> None:
        ticket = world.ticket("A1")
        one, other = (answer(world, "dec", ticket, words, Message_ID="<a@b.example>") for words in ("Un.", "Deux."))
        assert [arrive(one).state, arrive(other).reason] == ["applied", "same_id"]

    def test_r142_a_reader_that_dies_after_acting_acts_once(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its claim expires, and another reads the message again: the one-time key is that of the first entry."""
        ticket = world.ticket("A1")
        row = receive(answer(world, "dec", ticket, "Oui.", files={"écran.png": PNG}))
        count = events(ticket)

        def died(*_arguments: object, **_facts: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr("calypso.mailin.notices.tell_understood", died)
            processing.process_waiting()
        assert (events(ticket), processing.process_waiting()) == (count, 0)  # it is claimed
        ReceivedEmail.objects.update(claimed_at=None)
        processing.process_waiting()
        row.refresh_from_db()
        assert (row.state, events(ticket), len(told("dec"))) == ("applied", count + 1, 1)
        assert Attachment.objects.filter(event=row.event_id).count() == 1

    def test_r152_a_reader_that_lost_its_claim_writes_nothing(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ticket = world.ticket("A1")
        count = events(ticket)
        receive(answer(world, "dec", ticket, "Oui."))
        read = processing.read_stored

        def slow(name: str) -> Any:
            ReceivedEmail.objects.update(claimed_at=processing.clock.now())
            return read(name)

        monkeypatch.setattr(processing, "read_stored", slow)
        processing.process_waiting()
        assert (events(ticket), ReceivedEmail.objects.get().state) == (count, "waiting")

    def test_13_4_nothing_is_read_while_sending_is_paused(self, world: World) -> None:
        pause.pause()
        row = arrive(answer(world, "dec", world.ticket("A1"), "Oui."))
        pause.resume()
        assert row.state == "waiting"


class TestBadMail:
    """R93: kept, shown, read again; the next is read."""

    def test_r93_a_poison_message_between_two_good_ones(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        ticket = world.ticket("A1")
        read = processing.read_stored

        def poisoned(name: str) -> Any:
            if name == poison.stored:
                raise isolation.Died
            return read(name)

        monkeypatch.setattr(processing, "read_stored", poisoned)
        rows = [receive(answer(world, who, ticket, who)) for who in ("dec", "obs", "pm")]
        poison = rows[1]
        processing.process_waiting()
        states = [ReceivedEmail.objects.get(pk=row.pk).state for row in rows]
        assert states == ["applied", "held", "applied"]
        poison.refresh_from_db()
        assert poison.reason == "unreadable"

    def test_r93_a_fault_of_ours_is_tried_three_times_then_kept(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = receive(answer(world, "dec", world.ticket("A1"), "Oui."))

        def faulty(*_arguments: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(processing, "route", faulty)
        processing.process_waiting()
        row.refresh_from_db()
        assert (row.state, row.reason, row.attempts) == ("held", "unreadable", 3)

    def test_r93_what_killed_its_readers_is_kept(self, world: World) -> None:
        row = receive(answer(world, "dec", world.ticket("A1"), "Oui."))
        ReceivedEmail.objects.update(attempts=3)
        processing.process_waiting()
        row.refresh_from_db()
        assert (row.state, row.reason) == ("held", "unreadable")

    @pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 100, b"From: \n\n", b"no header at all"])
    def test_r93_what_is_no_message_is_kept(self, world: World, raw: bytes) -> None:
        assert arrive(raw).state == "held"

    def test_r94_a_larger_message_is_kept_in_part_and_its_author_told(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("calypso.mailin.intake.LARGEST", 2000)
        row = arrive(answer(world, "dec", world.ticket("A1"), "mot " * 1000))
        assert (row.state, row.reason, row.partial, row.size) == ("held", "too_large", True, 2000)
        assert "trop volumineux" in told("dec")[0].text


def test_r91_those_who_write_little_are_read_before_a_flood(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = world.ticket("A1")
    for number in range(60):
        receive(answer(world, "dec", ticket, f"Flot {number}.", sender="flot@ailleurs.example"))
    calm = receive(answer(world, "obs", ticket, "Ma question."))
    order: list[int] = []
    process = processing._process
    monkeypatch.setattr(processing, "_process", lambda row: (order.append(row.pk), process(row)))
    processing.process_waiting()
    assert order.index(calm.pk) <= 21
    flood = [pk for pk in order if pk != calm.pk]
    assert flood == sorted(flood)


def test_r130_what_a_person_sent_is_theirs_and_goes_with_them(world: World) -> None:
    ticket = world.ticket("A1")
    arrive(answer(world, "obs", ticket, "Ma question."))
    given = personal_data(world.obs, world.obs)["received_mails"]
    assert [mail["text"] for mail in given] == ["Ma question."]
    stored = path_of(ReceivedEmail.objects.get().stored)
    User.objects.filter(pk=world.obs.pk).update(active=False)
    erase_person(world.admin, person=world.obs)
    assert not ReceivedEmail.objects.exists()
    os.utime(stored, (0, 0))
    sweep_files.call()
    assert not stored.exists()


def test_r130_the_sweep_keeps_the_messages(world: World) -> None:
    row = arrive(answer(world, "obs", world.ticket("A1"), "Ma question."))
    os.utime(path_of(row.stored), (0, 0))
    sweep_files.call()
    assert path_of(row.stored).exists()


def test_an_address_reads_as_it_was_written(settings: Any) -> None:
    settings.REPLY_ADDRESS = MAILBOX
    made = reply_address("ABC2DEF", "somekey")
    assert made.partition("+")[0] == "tickets"
    assert len(made.partition("@")[0]) <= 64
    settings.REPLY_ADDRESS = ""
    assert reply_address("ABC2DEF", "somekey") == ""
