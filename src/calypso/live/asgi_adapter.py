"""Django as WSGI under a server that speaks ASGI: one passage to a thread and one back for each page (ADR 0012)."""

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Headers = list[tuple[bytes, bytes]]

IN_MEMORY = 1024 * 1024  # bytes of a request's body that wait in memory; beyond, they wait in a file
PATIENCE = 30.0  # seconds that a body may take, and one more for each SLOWEST bytes of it: a phone in a hall is slow
SLOWEST = 4_000  # bytes a second
_BODY = frozenset((b"content-length", b"transfer-encoding"))
_CHARSET = re.compile(r"(?i);\s*charset\s*\*?\s*=[^;]*")
_UNPREFIXED = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class _Told:
    """The status and headers that a WSGI application gives."""

    status = 500
    headers: Headers = []

    def __call__(self, status: str, headers: list[tuple[str, str]], _problem: Any = None) -> None:
        self.status = int(status.partition(" ")[0])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


class WSGIAdapter:
    """An ASGI application that is a WSGI one, in `threads` threads."""

    def __init__(self, application: Callable[..., Iterable[bytes]], threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="page")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request. Its body is read before a thread is taken: who sends slowly holds none."""
        if _has_no_body(scope):
            await self._serve(scope, BytesIO(), send)
            return
        status = 413
        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            try:
                fits = await _read(receive, body)
            except ConnectionAbortedError:
                return  # half of what somebody typed is not what they sent
            except TimeoutError:
                fits, status = False, 408
            if fits:
                await self._serve(scope, body, send)
                return
        await send({"type": "http.response.start", "status": status, "headers": [(b"connection", b"close")]})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _serve(self, scope: Message, body: Any, send: Send) -> None:
        loop = asyncio.get_running_loop()

        def passed(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(_sent(send, message), loop).result()

        environ = environ_of(scope, body)
        for message in await loop.run_in_executor(self._threads, self._answer, environ, passed):
            await send(message)

    def _answer(self, environ: dict[str, Any], passed: Callable[[Message], None]) -> list[Message]:
        """What is left to send. A file goes through piece by piece from here; a page goes at once, from the loop."""
        told = _Told()
        answer: Any = self._application(environ, told)
        try:
            if not getattr(answer, "streaming", False):
                content = b"".join(answer)
                return [_start(told), {"type": "http.response.body", "body": content, "more_body": False}]
            passed(_start(told))
            for piece in answer:
                passed({"type": "http.response.body", "body": piece, "more_body": True})
            return [{"type": "http.response.body", "body": b"", "more_body": False}]
        finally:
            answer.close()


def environ_of(scope: Message, body: Any) -> dict[str, Any]:
    """A request as WSGI wants it. A header whose name holds an underscore is nobody's: it would pass for another.

    Texts come in UTF-8, which all our pages ask for: another encoding that a request claims is not even looked at.
    """
    host, port = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 80),
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1").lower()
        if "_" in name:
            continue
        key = _UNPREFIXED.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        text = value.decode("latin-1")
        joint = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{joint}{text}" if key in environ else text
    if "charset" in environ.get("CONTENT_TYPE", "").lower():
        environ["CONTENT_TYPE"] = _without_charset(environ["CONTENT_TYPE"])
    return environ


def _without_charset(content_type: str) -> str:
    left = _CHARSET.sub("", content_type)
    return left.partition(";")[0] if "charset" in left.lower() else left


def _has_no_body(scope: Message) -> bool:
    """Whether a request has no body, as its headers say before HTTP/2 (RFC 9112, 6.3).

    To be told so by the server would take a third of the time of the passage.
    """
    return scope["http_version"] in {"1.0", "1.1"} and _BODY.isdisjoint(name for name, _value in scope["headers"])


async def _read(receive: Receive, body: Any) -> bool:
    """Whether the whole body could be read; not one that goes beyond what a request may bring, whatever it declared.

    Raises ConnectionAbortedError when who sends it leaves before its end, TimeoutError when it comes too slowly (R125).
    """
    size, more = 0, True
    begun = asyncio.get_running_loop().time()
    while more:
        async with asyncio.timeout_at(begun + PATIENCE + size / SLOWEST):
            message = await receive()
        if message["type"] != "http.request":
            raise ConnectionAbortedError
        piece = message.get("body", b"")
        size += len(piece)
        if size > settings.REQUEST_MAX_BYTES:
            return False
        body.write(piece)
        more = message.get("more_body", False)
    body.seek(0)
    return True


def _start(told: _Told) -> Message:
    return {"type": "http.response.start", "status": told.status, "headers": told.headers}


async def _sent(send: Send, message: Message) -> None:
    await send(message)
