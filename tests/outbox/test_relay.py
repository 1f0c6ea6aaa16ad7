"""A fault of the server is the server's, a slow recipient is nobody else's, and people are told in order (R78, R144)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from calypso.base import clock
from calypso.ops import health
from calypso.outbox import delivery, kinds, maintenance, relay
from calypso.outbox.dispatcher import Dispatcher
from calypso.outbox.enqueue import MailRequest, Recipient, enqueue
from calypso.outbox.kinds import Kind
from calypso.outbox.models import OutgoingEmail, State
from calypso.outbox.queries import oldest_owed
from tests.installation import wait_for
from tests.pages import words
from tests.smtp import SmtpServer
from tests.world import World, drop_waiting


@pytest.fixture
def quiet(world: World, settings, smtp: SmtpServer, monkeypatch) -> World:
    """The world with nothing waiting, a kind of mail that is always owed, and a server."""
    drop_waiting()
    owed = Kind("accounts.password_changed", "Essai", lambda envelope: True)
    monkeypatch.setitem(kinds._KINDS, "accounts.password_changed", owed)
    settings.MAILERS = smtp.mailers
    return world


def write(world: World, *names: str, about: str = "ticket:A", event: str = "e") -> None:
    """A message to each `name@name.example`, or to the whole address given."""
    letters = []
    for number, name in enumerate(names):
        to = name if "@" in name else f"{name}@{name}.example"
        context = {"person": world.dec, "at": clock.now(), "network": "n"}
        letters.append(
            MailRequest("accounts.password_changed", Recipient(to, to, "fr"), about, f"{event}{number}", context)
        )
    with transaction.atomic():
        enqueue(letters)


def waiting() -> list[tuple[str, int]]:
    rows = OutgoingEmail.objects.filter(state=State.WAITING).order_by("id")
    return list(rows.values_list("recipient_key", "attempts"))


class TestServer:
    def test_r144_half_an_hour_of_refusals_charges_nobody_and_one_success_frees_all(
        self, quiet: World, smtp: SmtpServer
    ) -> None:
        """Three hundred messages, a server that is full for half an hour, then a hundred seconds."""
        write(quiet, *(f"a{number}" for number in range(300)))
        smtp.answer = "452 4.3.1 insufficient system storage"
        with time_machine.travel(clock.now() + timedelta(seconds=1), tick=False) as traveller:
            for _look in range(360):
                delivery.deliver()
                traveller.shift(5)
            assert len(waiting()) == 300
            tried = [attempts for _key, attempts in waiting() if attempts]
            assert sum(tried) < 100, "one message at a time asks whether it is over"
            smtp.answer = "250 OK"
            for _second in range(31):
                delivery.deliver()
                traveller.shift(1)
        assert len(smtp.messages) == 300
        assert waiting() == []

    @pytest.mark.parametrize("how", ["no server", "sender refused", "leaves"])
    def test_r144_a_server_that_takes_nothing_is_asked_by_one_message(
        self, how: str, quiet: World, smtp: SmtpServer, settings
    ) -> None:
        write(quiet, "a", "b", "c")
        if how == "no server":
            options = {**smtp.mailers["default"]["OPTIONS"], "port": 9}
            settings.MAILERS = {"default": {**smtp.mailers["default"], "OPTIONS": options}}
        elif how == "sender refused":
            smtp.sender = "553 who are you"
        else:
            smtp.answer = "421 closing"
        with time_machine.travel(clock.now() + timedelta(seconds=1), tick=False) as traveller:
            for _second in range(60):
                delivery.deliver()
                traveller.shift(1)
            assert [attempts for _key, attempts in waiting()] == [0, 0, 0], "no message is charged"
            settings.MAILERS, smtp.sender, smtp.answer = smtp.mailers, "250 OK", "250 OK"
            traveller.shift(30)
            delivery.deliver()
        assert waiting() == []

    def test_the_waits_between_questions_grow_to_half_a_minute(self) -> None:
        one = relay.Relay()
        with time_machine.travel(clock.now(), tick=False) as traveller:
            waits = []
            for _ in range(6):
                one.failed()
                waited = 0
                while one.saturated() is None:
                    traveller.shift(1)
                    waited += 1
                waits.append(waited)
            assert waits == [2, 4, 8, 16, 30, 30]
            assert one.took()
            assert not one.took()
            one.failed()
            traveller.shift(2)
            assert one.saturated() == set()

    def test_a_refused_recipient_alone_is_not_the_server(self, quiet: World, smtp: SmtpServer) -> None:
        smtp.refuse = {"a@a.example": "450 later"}
        write(quiet, "a", "b", "c", "d")
        assert delivery.deliver() == 3
        assert waiting() == [("a@a.example", 1)]
        write(quiet, "e", about="ticket:B", event="f")
        assert delivery.deliver() == 1
        assert OutgoingEmail.objects.get(state=State.WAITING).next_try > clock.now(), "still its own wait"


class TestOrder:
    def test_r144_a_person_is_told_of_a_ticket_in_the_order_it_happened(self, quiet: World, smtp: SmtpServer) -> None:
        smtp.refuse = {"a@a.example": "450 later"}
        for number in range(3):
            write(quiet, "a", "b", event=f"n{number}-")
        write(quiet, "a", about="ticket:OTHER", event="other")
        with time_machine.travel(clock.now() + timedelta(seconds=1), tick=False) as traveller:
            assert delivery.deliver() == 3
            assert [attempts for _key, attempts in waiting()] == [1, 0, 0, 1], "the later ones wait for the first"
            smtp.refuse = {}
            traveller.shift(timedelta(minutes=2))
            assert delivery.deliver() == 4
        own = [message["Message-ID"] for message in smtp.to("a@a.example")]
        rows = OutgoingEmail.objects.filter(recipient="a@a.example", about="ticket:A").order_by("id")
        expected = [row.headers["Message-ID"] for row in rows]
        assert [key for key in own if key in expected] == expected

    def test_what_waits_for_the_morning_holds_nothing(self, quiet: World, smtp: SmtpServer) -> None:
        write(quiet, "a", "a", event="x")
        first = OutgoingEmail.objects.filter(state=State.WAITING).order_by("id").first()
        assert first is not None
        OutgoingEmail.objects.filter(pk=first.pk).update(held=True, next_try=clock.now() + timedelta(hours=9))
        assert delivery.deliver() == 1
        assert maintenance.send_waiting() == 0


@contextmanager
def dispatcher() -> Iterator[Dispatcher]:
    one = Dispatcher()
    one.start()
    try:
        yield one
    finally:
        one.end()


class TestAtOnce:
    def test_one_slow_recipient_holds_only_their_own_domain(
        self, live_world: World, settings, smtp, monkeypatch
    ) -> None:
        drop_waiting()
        owed = Kind("accounts.password_changed", "Essai", lambda envelope: True)
        monkeypatch.setitem(kinds._KINDS, "accounts.password_changed", owed)
        settings.MAILERS = smtp.mailers
        smtp.slow = {f"{name}@slow.example": threading.Event() for name in ("x", "y", "z")}
        write(live_world, *smtp.slow, *(f"a{number}" for number in range(20)))
        with dispatcher():
            wait_for(lambda: len(smtp.messages) == 20, 30)
            assert not [message for message in smtp.messages if "slow" in message["To"]]
            for gate in smtp.slow.values():
                gate.set()
            wait_for(lambda: len(smtp.messages) == 23, 30)
        keys = [message["Message-ID"] for message in smtp.messages]
        assert len(set(keys)) == len(keys)

    def test_no_more_than_two_at_once_to_a_domain(self) -> None:
        one = relay.Relay()
        assert [one.begin("slow.example") for _ in range(3)] == [True, True, False]
        assert one.saturated() == {"slow.example"}
        assert one.begin("other.example")
        one.end("slow.example")
        assert one.saturated() == set()
        assert one.begin("slow.example")

    def test_a_server_that_is_down_is_asked_once_at_a_time(self) -> None:
        one = relay.Relay()
        with time_machine.travel(clock.now(), tick=False) as traveller:
            one.failed()
            traveller.shift(3)
            assert one.begin("a.example")
            assert one.saturated() is None
            assert not one.begin("b.example")
            one.end("a.example")
            assert one.begin("b.example")


class TestAlarm:
    """What is owed is measured by its age: the next try of a server that refuses is always ahead (R144, R155)."""

    @pytest.mark.parametrize("minutes, health_of", [(14, health.Health.GOOD), (16, health.Health.BROKEN)])
    def test_the_age_of_the_oldest_mail_owed(self, minutes: int, health_of: health.Health, quiet: World, smtp) -> None:
        smtp.answer = "452 full"
        write(quiet, "a", "b", "c", "d")
        with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False):
            delivery.deliver()
            assert OutgoingEmail.objects.filter(state=State.WAITING, next_try__gt=clock.now()).exists()
            assert {point.label: point.health for point in health.look()}["E-mails"] == health_of

    def test_nothing_owed_is_well(self, quiet: World) -> None:
        assert oldest_owed() is None

    def test_the_team_can_send_all_that_waits(self, quiet: World, smtp: SmtpServer, browser) -> None:
        smtp.refuse = {"a@a.example": "450 later"}
        write(quiet, "a", "b")
        delivery.deliver()
        smtp.refuse = {}
        assert delivery.deliver() == 0
        opened = browser("support")
        assert "Envoyer maintenant le message qui attend" in words(opened.get("/equipe/courriers/"))
        answer = opened.post("/equipe/courriers/envoyer/")
        assert answer["Location"] == "/equipe/courriers/?fait=relances"
        assert delivery.deliver() == 1
        assert "Envoyer maintenant" not in words(opened.get("/equipe/courriers/"))
