"""Live pages: one event stream for each browser, which only tells its pages when to fetch themselves again.

A page names the topics that it shows; the pages of a browser share a stream, which says the topics that changed. No
content goes through it: a page fetches its ordinary URL, with the rights of its reader.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.cookies import CookieError, SimpleCookie
from itertools import zip_longest
from urllib.parse import parse_qs

from django.conf import settings
from django.db import close_old_connections

from calypso.live.asgi_adapter import Message, Receive, Send
from calypso.live.change_polling import Admission, ChangePoller, Listener, admit
from calypso.teamwork.queries.change_feed import instant

PATH = "/direct/"
POLL_SECONDS = 0.5  # between two polls of what changed
CHECK = 3.0  # seconds between two checks of sessions and rights; a lost right ends the stream within five (R8)
BEAT = 20.0  # seconds of silence after which a stream sends a comment, to show that it is alive
MOST, MOST_EACH = 2_000, 12  # streams of a process, and of one session: beyond, pages poll (`views.since`)
TOPIC_MAX = 60  # characters of a topic
TOPICS = 60  # of one stream: those of twenty windows side by side
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
log = logging.getLogger("calypso.live")


class Stream:
    """The events still to send to one browser, as (name, topic), and how many topics it still hears."""

    def __init__(self, topics: int) -> None:
        self.waiting: set[tuple[str, str]] = set()
        self.woken = asyncio.Event()
        self.topics = topics

    def say(self, name: str, topic: str) -> None:
        """Adds an event, which is sent once however often it was added."""
        self.waiting.add((name, topic))
        self.woken.set()

    def end(self, topic: str) -> None:
        """Says that a topic is heard no more; without any, the stream ends."""
        self.topics -= 1
        self.say("fin", topic)


class EventStreams:
    """The streams of this process. The database is polled only while one is open."""

    def __init__(self) -> None:
        self._streams: dict[Listener, Stream] = {}
        self._places: Counter[str] = Counter()  # by session: streams that are open or being opened
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")
        self._watch: asyncio.Task[None] | None = None
        self._closing = False

    def close(self) -> None:
        """Ends all streams without an event: their pages still have reason to listen, and connect again."""
        self._closing = True
        for stream in self._streams.values():
            stream.woken.set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serves one stream until its browser disconnects, or must. Its place is taken before anything is awaited."""
        session = _session_of(scope)
        if not self._take_place(session):
            await _refuse(send)
            return
        try:
            admitted = await self._admit(scope, session)
            if admitted is None:
                await _refuse(send)
            else:
                await self._serve(admitted, receive, send)
        finally:
            self._places[session] -= 1
            self._places = +self._places  # drops the sessions without a stream

    def _take_place(self, session: str) -> bool:
        is_full = self._places.total() >= MOST or self._places[session] >= MOST_EACH
        if not session or is_full or self._closing:
            return False
        self._places[session] += 1
        return True

    async def _serve(self, admitted: Admission, receive: Receive, send: Send) -> None:
        stream = Stream(len(admitted.listeners))
        self._streams |= dict.fromkeys(admitted.listeners, stream)
        for topic in admitted.refused:
            stream.say("fin", topic)
        for listener in admitted.changed:  # between the rendering of the page and the opening of its stream
            stream.say("change", listener.topic)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._run())
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        disconnected = asyncio.create_task(_until_disconnected(receive))
        try:
            await _send_text(send, ": bonjour")
            await self._send_events(stream, send, disconnected)
        finally:
            for listener in admitted.listeners:
                self._streams.pop(listener, None)
            disconnected.cancel()

    async def _admit(self, scope: Message, session: str) -> Admission | None:
        """Reads the topics (`sujet`), each with the instant since when its page has not been fetched (`vu`)."""
        query = parse_qs(scope["query_string"].decode("ascii", "replace"), keep_blank_values=True)
        topics, instants = query.get("sujet", []), query.get("vu", [])
        readable = all(len(topic) <= TOPIC_MAX and topic.isprintable() for topic in topics)
        if scope["method"] != "GET" or not 0 < len(topics) <= TOPICS or not readable:
            return None
        seen = zip_longest(topics, instants[: len(topics)], fillvalue="")
        return await self._query(admit, session, {topic: instant(text) for topic, text in seen})

    async def _query[**P, R](self, query: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs a database query, in the one thread that does, on a connection that is alive."""

        def run() -> R:
            close_old_connections()
            return query(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    async def _send_events(self, stream: Stream, send: Send, disconnected: asyncio.Task[None]) -> None:
        while (stream.topics or stream.waiting) and not self._closing:
            woken = asyncio.create_task(stream.woken.wait())
            await asyncio.wait({woken, disconnected}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
            stream.woken.clear()
            events, stream.waiting = stream.waiting, set()
            if disconnected.done():
                return
            for name, topic in sorted(events):
                await _send_text(send, f"event: {name}\ndata: {topic}")
            if not (events or self._closing):
                await _send_text(send, ": je suis là")
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _run(self) -> None:
        """Polls and sends until no stream is open. A database that is unavailable is tried again at the next poll."""
        loop = asyncio.get_running_loop()
        poller: ChangePoller | None = None
        last_check = loop.time()
        while self._streams:
            try:
                if poller is None:
                    poller = await self._query(ChangePoller)
                changes = await self._query(poller.look, list(self._streams))
                self._notify(changes.changed, "change")
                self._notify(changes.presences, "presence")
                if loop.time() - last_check > CHECK:
                    last_check = loop.time()
                    for listener in await self._query(poller.leaving, list(self._streams)):
                        if stream := self._streams.pop(listener, None):
                            stream.end(listener.topic)
            except Exception:
                log.exception("live pages hear nothing for now")
            await asyncio.sleep(POLL_SECONDS)

    def _notify(self, listeners: set[Listener], name: str) -> None:
        for listener in listeners:
            if listener in self._streams:
                self._streams[listener].say(name, listener.topic)


def _session_of(scope: Message) -> str:
    """Returns the value of the session cookie; empty without one."""
    header = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    try:
        cookie = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


async def _until_disconnected(receive: Receive) -> None:
    """Returns when the browser closes the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_text(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": f"{text}\n\n".encode(), "more_body": True})


async def _refuse(send: Send) -> None:
    """Answers 404: not signed in, or too many streams. The page then polls, with its ordinary session."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
