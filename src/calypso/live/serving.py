"""What the application server loads: requests go to the hub or to Django; told to stop, it ends the streams."""

import asyncio
import signal

from calypso.live.bridge import Message, Pages, Receive, Send
from calypso.live.hub import PATH, Hub


class Application:
    """An ASGI application: streams by the hub, every other request by Django."""

    def __init__(self, hub: Hub, pages: Pages) -> None:
        self._hub, self._pages = hub, pages

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        serve = self._hub if scope["path"] == PATH else self._pages
        await serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            # The server, whose own handler the loop still calls, waits for all that it answers before it says that it
            # stops; a stream would be waited for until it is killed.
            signal.signal(number, lambda *_heard: loop.call_soon_threadsafe(self._hub.close))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
