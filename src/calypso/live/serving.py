"""What the application server loads: event streams beside Django; told to stop, it ends the streams."""

import asyncio
import signal

from calypso.live.asgi_adapter import Message, Receive, Send, WSGIAdapter
from calypso.live.event_streams import PATH, EventStreams

LAST = 5  # seconds that a process which was told to stop has to leave, once all is answered: a slow line may still read


class Application:
    """An ASGI application: event streams, every other request by Django."""

    def __init__(self, streams: EventStreams, pages: WSGIAdapter) -> None:
        self._streams, self._pages = streams, pages
        self._under_way = 0
        self._stopping = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        serve = self._streams if scope["path"] == PATH else self._pages
        self._under_way += 1
        try:
            await serve(scope, receive, send)
        finally:
            self._under_way -= 1
            self._leave_when_done()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            # The server, whose own handler the loop still calls, waits for all that it answers before it says that it
            # stops; a stream would be waited for until it is killed.
            signal.signal(number, lambda *_heard: loop.call_soon_threadsafe(self._stop))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    def _stop(self) -> None:
        self._stopping = True
        self._streams.close()
        self._leave_when_done()

    def _leave_when_done(self) -> None:
        """Has the system end the process soon, if nothing is being answered.

        Once in a while a process that has answered all waits for itself as it ends, and holds the stop until it is
        killed: https://github.com/emmett-framework/granian/issues/875.
        """
        if self._stopping:
            signal.alarm(0 if self._under_way else LAST)
