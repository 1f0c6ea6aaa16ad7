"""Serves Django as WSGI under an ASGI server: one switch to a thread and one back for each page (ADR 0012)."""

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

IN_MEMORY = 1024 * 1024  # bytes of a request's body kept in memory; beyond, the body is kept in a file
PATIENCE = 30.0  # seconds that a body may take, plus one for each SLOWEST bytes of it: phones in a hall are slow
SLOWEST = 4_000  # bytes a second
_BODY = frozenset((b"content-length", b"transfer-encoding"))
_CHARSET = re.compile(r"(?i);\s*charset\s*\*?\s*=[^;]*")
_UNPREFIXED = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class _StartResponse:
    """The status and headers that a WSGI application sets, as its `start_response`."""

    status = 500
    headers: Headers = []

    def __call__(self, status: str, headers: list[tuple[str, str]], _problem: Any = None) -> None:
        self.status = int(status.partition(" ")[0])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


class WSGIAdapter:
    """An ASGI application that runs a WSGI application in `threads` threads."""

    def __init__(self, application: Callable[..., Iterable[bytes]], threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="page")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serves one request. Its body is read before a thread is taken, so that a slow sender occupies none."""
        if _has_no_body(scope):
            await self._serve(scope, BytesIO(), send)
            return
        status = 413
        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            try:
                fits = await _read(receive, body)
            except ConnectionAbortedError:
                return  # half of a form is not what the person sent
            except TimeoutError:
                fits, status = False, 408
            if fits:
                await self._serve(scope, body, send)
                return
        await send({"type": "http.response.start", "status": status, "headers": [(b"connection", b"close")]})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _serve(self, scope: Message, body: Any, send: Send) -> None:
        loop = asyncio.get_running_loop()

        def send_from_thread(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(_send(send, message), loop).result()

        environ = environ_of(scope, body)
        for message in await loop.run_in_executor(self._threads, self._respond, environ, send_from_thread):
            await send(message)

    def _respond(self, environ: dict[str, Any], send_from_thread: Callable[[Message], None]) -> list[Message]:
        """Returns the messages left to send.

        A file is sent piece by piece from this thread; a page is returned whole, and sent by the event loop.
        """
        start_response = _StartResponse()
        response: Any = self._application(environ, start_response)
        try:
            if not getattr(response, "streaming", False):
                content = b"".join(response)
                return [
                    _start_message(start_response),
                    {"type": "http.response.body", "body": content, "more_body": False},
                ]
            send_from_thread(_start_message(start_response))
            for piece in response:
                send_from_thread({"type": "http.response.body", "body": piece, "more_body": True})
            return [{"type": "http.response.body", "body": b"", "more_body": False}]
        finally:
            response.close()


def environ_of(scope: Message, body: Any) -> dict[str, Any]:
    """Returns the WSGI environ of a request.

    A header whose name holds an underscore is dropped: it would pass for another. So is the charset of a content type:
    all our pages ask for UTF-8.
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
    remaining = _CHARSET.sub("", content_type)
    return remaining.partition(";")[0] if "charset" in remaining.lower() else remaining


def _has_no_body(scope: Message) -> bool:
    """Returns whether a request has no body, from its headers before HTTP/2 (RFC 9112, 6.3).

    Learning it from the server would take a third of the time of the adapter.
    """
    return scope["http_version"] in {"1.0", "1.1"} and _BODY.isdisjoint(name for name, _value in scope["headers"])


async def _read(receive: Receive, body: Any) -> bool:
    """Reads the whole body; returns False for one over the accepted size, whatever size it declared.

    Raises ConnectionAbortedError when the sender disconnects before its end, TimeoutError when it comes too slowly
    (R125).
    """
    size, more = 0, True
    start = asyncio.get_running_loop().time()
    while more:
        async with asyncio.timeout_at(start + PATIENCE + size / SLOWEST):
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


def _start_message(start_response: _StartResponse) -> Message:
    return {"type": "http.response.start", "status": start_response.status, "headers": start_response.headers}


async def _send(send: Send, message: Message) -> None:
    await send(message)
