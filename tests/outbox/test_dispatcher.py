"""Who looks at the outbox beside the tasks of the worker (ADR 0016)."""

from collections.abc import Callable
from threading import Event

import pytest

from calypso.base import polling
from calypso.outbox import dispatcher
from calypso.outbox.dispatcher import Dispatcher


class Watch:
    """What a dispatcher waits on, which never waits: it notes for how long, and ends after `most` looks."""

    def __init__(self, most: int) -> None:
        self.most, self.waited = most, []

    def wait(self, seconds: float) -> bool:
        self.waited.append(seconds)
        return len(self.waited) > self.most

    def is_set(self) -> bool:
        return False


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[float]]:
    """Runs a dispatcher whose looks end as told, a failure or None; returns the seconds waited before each."""

    def run(*ends: Exception | None) -> list[float]:
        left, given_up = list(ends), []

        def deliver(until: object, on_claim: object) -> int:
            assert given_up.pop() == "dead connections"
            end = left.pop(0)
            if end:
                raise end
            return 0

        monkeypatch.setattr(dispatcher, "deliver", deliver)
        monkeypatch.setattr(polling, "close_old_connections", lambda: given_up.append("dead connections"))
        one, watch = Dispatcher(), Watch(len(ends))
        one._polling.ended = watch  # type: ignore[assignment]
        one._polling.poll(one._look)
        assert not left
        return watch.waited

    return run


def test_a_look_that_fails_is_tried_again_later_each_time_up_to_a_minute(looking) -> None:
    lost = RuntimeError("no database")
    assert looking(lost, lost, None, lost) == [1, 2, 4, 1, 2]
    assert max(looking(*[lost] * 9)) == 60


def test_at_its_end_it_finishes_the_message_in_hand_and_takes_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, taken = Event(), Event(), []

    def deliver(until: Callable[[], bool], on_claim: Callable[[], object]) -> int:
        while not until() and not taken:
            taken.append("mail")
            begun.set()
            assert go_on.wait(30)
        return len(taken)

    class Ending(Event):  # type: ignore[misc]
        def set(self) -> None:
            super().set()
            go_on.set()

    monkeypatch.setattr(dispatcher, "deliver", deliver)
    monkeypatch.setattr(polling, "close_old_connections", lambda: None)
    monkeypatch.setattr(polling, "POLL_SECONDS", 0.001)
    watch = Dispatcher()
    watch._polling.ended = Ending()
    watch.start()
    assert begun.wait(30)
    watch.end()
    assert not any(thread.is_alive() for thread in watch._polling._threads)
    assert taken == ["mail"]
