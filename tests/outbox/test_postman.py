"""Who looks at the outbox beside the tasks of the worker (ADR 0016)."""

from threading import Event

import pytest

from calypso.outbox import postman
from calypso.outbox.postman import Postman


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postman, "EVERY", 0.001)
    monkeypatch.setattr(postman, "close_old_connections", lambda: None)


def test_a_look_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, twice = [], Event()

    def look(until: object) -> int:
        looks.append(until)
        if len(looks) == 1:
            raise RuntimeError("no database")
        twice.set()
        return 0

    monkeypatch.setattr(postman, "deliver", look)
    watch = Postman()
    watch.start()
    assert twice.wait(30)
    watch.end()
    assert not watch.is_alive()


def test_at_its_end_it_finishes_the_message_in_hand_and_takes_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, taken = Event(), Event(), []

    def deliver(until) -> int:
        while not until():
            taken.append("mail")
            begun.set()
            assert go_on.wait(30)
        return len(taken)

    monkeypatch.setattr(postman, "deliver", deliver)
    watch = Postman()
    watch.start()
    assert begun.wait(30)
    watch._ended.set()
    go_on.set()
    watch.end()
    assert not watch.is_alive()
    assert taken == ["mail"]
