"""Beyond the hourly cap of one person, what waited leaves as one message (R81)."""

from datetime import timedelta

import pytest
import time_machine

from calypso.base import clock
from calypso.outbox import delivery
from calypso.outbox.models import OutgoingEmail, State
from calypso.projects.actions import set_viewers
from tests.smtp import SmtpServer
from tests.world import World, address, drop_waiting, new_ticket

LATER = timedelta(minutes=61)


@pytest.fixture
def capped(world: World, smtp: SmtpServer, settings, monkeypatch) -> World:
    """The world with an SMTP server, a cap of two and five messages for « obs », two of which have left."""
    drop_waiting()
    settings.MAILERS = smtp.mailers
    monkeypatch.setattr(delivery, "HOURLY_CAP", 2)
    for number in range(5):
        new_ticket(world, "obs", title=f"Rafale {number}")
    OutgoingEmail.objects.filter(state=State.WAITING).exclude(recipient=address("obs")).delete()
    assert delivery.deliver() == 2
    return world


def _states() -> list[str]:
    mine = OutgoingEmail.objects.filter(recipient=address("obs")).exclude(state=State.DROPPED)
    return list(mine.order_by("id").values_list("state", flat=True))


def test_r81_a_burst_ends_in_one_message_that_holds_every_word(capped: World, smtp: SmtpServer) -> None:
    assert _states() == ["sent"] * 2 + ["waiting"] * 3
    with time_machine.travel(clock.now() + LATER):
        assert delivery.deliver() == 1
    last = smtp.to(address("obs"))[-1]
    assert last["Subject"] == "3 messages en un"
    for part in ("plain", "html"):
        text = last.get_body((part,)).get_content()
        assert all(f"Rafale {number}" in text for number in (2, 3, 4))
    assert _states() == ["sent"] * 3 + ["grouped"] * 2


def test_r81_a_single_held_message_leaves_as_itself(capped: World, smtp: SmtpServer) -> None:
    waiting = OutgoingEmail.objects.filter(state=State.WAITING).order_by("id")
    waiting.exclude(pk=waiting.first().pk).delete()
    with time_machine.travel(clock.now() + LATER):
        delivery.deliver()
    assert "Rafale 2" in smtp.to(address("obs"))[-1]["Subject"]


def test_r81_r78_when_the_server_refuses_all_of_them_wait_on(capped: World, smtp: SmtpServer, settings) -> None:
    settings.MAILERS = {
        "default": {**smtp.mailers["default"], "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 2}}
    }
    with time_machine.travel(clock.now() + LATER):
        assert delivery.deliver() == 0
    assert _states() == ["sent"] * 2 + ["waiting"] * 3
    settings.MAILERS = smtp.mailers
    with time_machine.travel(clock.now() + 2 * LATER):
        assert delivery.deliver() == 1
    assert _states() == ["sent"] * 3 + ["grouped"] * 2


def test_r8_r81_a_right_lost_while_waiting_takes_the_words_out(capped: World, smtp: SmtpServer) -> None:
    set_viewers(capped.pm, project=capped.project("A1"), keys={capped.dec.key})
    with time_machine.travel(clock.now() + LATER):
        assert delivery.deliver() == 0
    assert _states() == ["sent"] * 2


def test_r8_r81_only_what_is_still_owed_is_grouped(capped: World, smtp: SmtpServer) -> None:
    other = OutgoingEmail.objects.filter(state=State.WAITING).order_by("-id")[0]
    other.about = "ticket:ZZZZZZZZ"  # a ticket that « obs » does not see
    other.save()
    with time_machine.travel(clock.now() + LATER):
        assert delivery.deliver() == 1
    assert smtp.to(address("obs"))[-1]["Subject"] == "2 messages en un"
    assert _states() == ["sent"] * 3 + ["grouped"]
