"""An hour without the mail server, then one address that is refused for a while: every mail leaves, in order, once (R78, R144)."""

from collections import defaultdict
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from calypso.base import clock
from calypso.outbox import delivery
from calypso.outbox.models import OutgoingEmail
from tests.installation import free_port
from tests.smtp import SmtpServer
from tests.world import World, address, drop_waiting, new_ticket, say

WORKERS = 3


def _work() -> None:
    """Several workers look at the outbox at once."""

    def one() -> None:
        try:
            delivery.deliver()
        finally:
            connections.close_all()

    threads = [Thread(target=one) for _worker in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _cost(act: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_r78_r144_every_mail_leaves_in_order_once_and_writing_costs_the_same(
    live_world: World, smtp: SmtpServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "HOURLY_CAP", 1000)
    world = live_world
    tickets = [new_ticket(world, "dec", "A1", title=f"Ticket {number}") for number in range(2)]
    drop_waiting()
    up = smtp.mailers
    down = {"default": {**up["default"], "OPTIONS": {**up["default"]["OPTIONS"], "port": free_port()}}}
    said: dict[str, list[str]] = defaultdict(list)
    begins = clock.now()

    def write(minute: int) -> int:
        ticket = tickets[minute % 2]
        words = f"Minute {minute:02}"
        said[ticket.reference].append(words)
        return _cost(lambda: say(world, "agent", ticket, "comment", words))

    with time_machine.travel(begins, tick=False) as now:
        settings.MAILERS = up
        write(0)
        now.move_to(begins + timedelta(seconds=30))  # what pages keep for a few seconds is asked again, as later on
        costs = {write(0)}
        _work()
        settings.MAILERS = down
        for minute in range(1, 61):
            now.move_to(begins + timedelta(minutes=minute))
            if minute % 6 == 0:
                costs.add(write(minute))
            _work()
        settings.MAILERS = up
        smtp.refuse[address("dec")] = "450 4.2.1 plus tard"
        for minute in range(61, 75):
            now.move_to(begins + timedelta(minutes=minute))
            _work()
        assert smtp.to(address("pm"))[-1]
        del smtp.refuse[address("dec")]
        for minute in range(75, 240, 5):
            now.move_to(begins + timedelta(minutes=minute))
            _work()
    assert len(costs) == 1
    assert not OutgoingEmail.objects.filter(state="waiting").exists()
    assert len({message["Message-ID"] for message in smtp.messages}) == len(smtp.messages)
    for who in ("dec", "pm"):
        for ticket in tickets:
            mails = [mail for mail in smtp.to(address(who)) if ticket.reference in str(mail["Subject"])]
            texts = [mail.get_body(("plain",)).get_content() for mail in mails]
            told = [words for text in texts for words in dict.fromkeys(said[ticket.reference]) if words in text]
            assert told == said[ticket.reference]
