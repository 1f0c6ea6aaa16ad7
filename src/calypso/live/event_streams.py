"""Live pages: one stream a page that is looked at, over which it only hears that it should look again.

Nothing of what happened goes through a stream: the page asks its ordinary address again, with its reader's rights.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from django.conf import settings
from django.db import close_old_connections

from calypso.live.asgi_adapter import Message, Receive, Send
from calypso.live.change_polling import ChangePoller, Listener, admit
from calypso.teamwork.queries.change_feed import instant

PATH = "/direct/"
POLL_SECONDS = 0.5  # seconds between two looks at what happened
CHECK = 3.0  # seconds between two looks at who must leave; a lost right closes the stream within five (R8)
BEAT = 20.0  # seconds of silence after which a stream says that it lives
MOST, MOST_EACH = 2_000, 12  # streams of a process, and of one session: beyond, pages ask from time to time
TOPICS = 4
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
log = logging.getLogger("calypso.live")


class Stream:
    """What one page is still to hear."""

    def __init__(self) -> None:
        self.waiting: set[str] = set()
        self.woken = asyncio.Event()
        self.ended = False

    def say(self, name: str) -> None:
        """Adds a word, once until it is heard."""
        self.waiting.add(name)
        self.woken.set()

    def end(self) -> None:
        """Closes the stream."""
        self.ended = True
        self.woken.set()


class EventStreams:
    """The streams of this process. It looks at the database only while somebody listens."""

    def __init__(self) -> None:
        self._streams: dict[Listener, Stream] = {}
        self._places: Counter[str] = Counter()  # by session: streams that are open or being opened
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")
        self._watch: asyncio.Task[None] | None = None
        self._closing = False

    def close(self) -> None:
        """Ends all streams without a word: their pages still have their reason, and open them again."""
        self._closing = True
        for stream in self._streams.values():
            stream.woken.set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serves one stream until its page leaves, or must. Its place is taken before anything is waited for."""
        session = _session_of(scope)
        if not self._take_place(session):
            await _refuse(send)
            return
        try:
            admitted = await self._admitted(scope, session)
            if admitted is None:
                await _refuse(send)
            else:
                await self._serve(*admitted, receive, send)
        finally:
            self._places[session] -= 1
            self._places = +self._places  # only those above zero are kept

    def _take_place(self, session: str) -> bool:
        is_full = self._places.total() >= MOST or self._places[session] >= MOST_EACH
        if not session or is_full or self._closing:
            return False
        self._places[session] += 1
        return True

    async def _serve(self, listener: Listener, changed: bool, receive: Receive, send: Send) -> None:
        stream = self._streams[listener] = Stream()
        if changed:  # between the making of the page and its stream
            stream.say("change")
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._run())
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        gone = asyncio.create_task(_left(receive))
        try:
            await _say(send, ": bonjour")
            await self._speak(stream, send, gone)
        finally:
            self._streams.pop(listener, None)
            gone.cancel()

    async def _admitted(self, scope: Message, session: str) -> tuple[Listener, bool] | None:
        query = parse_qs(scope["query_string"].decode("ascii", "replace"))
        asked, since = query.get("sujet", []), instant(query.get("vu", [""])[0])
        if scope["method"] != "GET" or not 0 < len(asked) <= TOPICS:
            return None
        return await self._ask(admit, session, asked, since)

    async def _ask[**P, R](self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Asks the database, from the one thread that does, on a connection that is alive."""

        def asked() -> R:
            close_old_connections()
            return question(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, asked)

    async def _speak(self, stream: Stream, send: Send, gone: asyncio.Task[None]) -> None:
        while not (stream.ended or self._closing):
            woken = asyncio.create_task(stream.woken.wait())
            await asyncio.wait({woken, gone}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
            stream.woken.clear()
            words, stream.waiting = stream.waiting, set()
            if gone.done():
                return
            for name in sorted(words):
                await _say(send, f"event: {name}\ndata: 1")
            if not (words or stream.ended or self._closing):
                await _say(send, ": je suis là")
        if stream.ended:
            await _say(send, "event: fin\ndata: 1")
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _run(self) -> None:
        """Looks, tells, until nobody listens. A database that is away is asked again at the next look."""
        loop = asyncio.get_running_loop()
        poller: ChangePoller | None = None
        checked = loop.time()
        while self._streams:
            try:
                if poller is None:
                    poller = await self._ask(ChangePoller)
                word = await self._ask(poller.look, list(self._streams))
                self._tell(word.changed, "change")
                self._tell(word.there, "presence")
                if loop.time() - checked > CHECK:
                    checked = loop.time()
                    for one in await self._ask(poller.leaving, list(self._streams)):
                        if one in self._streams:
                            self._streams[one].end()
            except Exception:
                log.exception("live pages hear nothing for now")
            await asyncio.sleep(POLL_SECONDS)

    def _tell(self, listeners: set[Listener], name: str) -> None:
        for one in listeners:
            if one in self._streams:
                self._streams[one].say(name)


def _session_of(scope: Message) -> str:
    """The value of the session's cookie; empty without one."""
    header = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    try:
        found = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""


async def _left(receive: Receive) -> None:
    """Ends when the browser closes the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": f"{text}\n\n".encode(), "more_body": True})


async def _refuse(send: Send) -> None:
    """Nobody, or too many: the page asks from time to time, where its ordinary session answers for it."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
