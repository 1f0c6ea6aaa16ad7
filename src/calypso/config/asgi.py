"""What the application server loads: streams by the hub, every other request by Django, as WSGI, in a few threads."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from calypso.config.wsgi import application as django
from calypso.live.hub import PATH, Hub

type Message = MutableMapping[str, Any]

THREADS = 4
_hub = Hub()
_pages = WSGIMiddleware(cast("Any", django), workers=THREADS)


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """One HTTP request."""
    if scope["type"] == "http" and scope["path"] == PATH:
        await _hub(scope, receive, send)
        return

    async def received() -> Message:  # the server gives an awaitable, where the bridge wants a coroutine
        return await receive()

    pages: Any = _pages
    await pages(scope, received, send)
