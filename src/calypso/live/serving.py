"""The ASGI application: event streams beside Django. A process that is told to stop ends its streams."""

import asyncio
import signal

from calypso.live.asgi_adapter import Message, Receive, Send, WSGIAdapter
from calypso.live.event_streams import PATH, EventStreams

LAST = 5  # seconds that a stopping process has to end, once all is answered: a slow client may still be reading


class Application:
    """Serves event streams by `streams`, every other request by Django."""

    def __init__(self, streams: EventStreams, pages: WSGIAdapter) -> None:
        self._streams, self._pages = streams, pages
        self._under_way = 0
        self._stopping = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serves one request, or the lifespan of the process."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        serve = self._streams if scope["path"] == PATH else self._pages
        self._under_way += 1
        try:
            await serve(scope, receive, send)
        finally:
            self._under_way -= 1
            self._leave_when_done()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGTERM, signal.SIGINT):
            # The server, whose own handler the loop still calls, waits for all its responses before it announces its
            # shutdown; it would wait for a stream until it is killed.
            signal.signal(signum, lambda *_signal: loop.call_soon_threadsafe(self._stop))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    def _stop(self) -> None:
        self._stopping = True
        self._streams.close()
        self._leave_when_done()

    def _leave_when_done(self) -> None:
        """Has the system end the process in `LAST` seconds, if nothing is being answered.

        Once in a while a process that has answered everything waits for itself as it ends, and delays the stop until it
        is killed: https://github.com/emmett-framework/granian/issues/875.
        """
        if self._stopping:
            signal.alarm(0 if self._under_way else LAST)
