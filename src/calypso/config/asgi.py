"""What the application server loads: streams by the hub, every other request by Django, as WSGI, in a few threads."""

from calypso.config.wsgi import application as django
from calypso.live.bridge import Message, Pages, Receive, Send
from calypso.live.hub import PATH, Hub

THREADS = 4
_hub, _pages = Hub(), Pages(django, THREADS)


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """One HTTP request."""
    serve = _hub if scope["path"] == PATH else _pages
    await serve(scope, receive, send)
