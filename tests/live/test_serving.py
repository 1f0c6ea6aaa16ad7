"""A process that is told to stop answers what it has begun, then leaves."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from calypso.live.serving import LAST, Application


class Closed:
    """A hub that notes that it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The seconds after which the system was asked to end this process; it is not, and its handlers come back."""
    asked: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(signal, "alarm", asked.append)
    yield asked
    for number, handler in before.items():
        signal.signal(number, handler)


def test_r154_it_leaves_when_the_last_answer_is_given_and_not_before(alarms: list[int]) -> None:
    async def life() -> None:
        begun, go_on, never, started = asyncio.Event(), asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def pages(_scope: object, _receive: object, _send: object) -> None:
            begun.set()
            await go_on.wait()

        async def told() -> dict[str, str]:
            if started.is_set():
                await never.wait()
            return {"type": "lifespan.startup"}

        async def said(message: dict[str, str]) -> None:
            started.set()

        hub = Closed()
        application = Application(hub, pages)  # type: ignore[arg-type]
        living = asyncio.create_task(application({"type": "lifespan"}, told, said))
        await started.wait()
        request = asyncio.create_task(application({"type": "http", "path": "/"}, told, said))
        await begun.wait()
        assert alarms == []
        os.kill(os.getpid(), signal.SIGTERM)
        while not hub.closed:
            await asyncio.sleep(0)
        assert alarms == [0]
        go_on.set()
        await request
        assert alarms == [0, LAST]
        living.cancel()

    asyncio.run(life())
