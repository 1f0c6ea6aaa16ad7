"""Django behind a server that speaks ASGI: bodies, headers, files piece by piece, nothing left open."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from calypso.live import asgi_adapter
from calypso.live.asgi_adapter import WSGIAdapter, environ_of

SCOPE = {
    "type": "http", "method": "POST", "path": "/é/", "query_string": b"a=1", "http_version": "1.1", "scheme": "https",
    "server": ("localhost", 8000), "client": ("10.0.0.1", 5), "headers": [(b"host", b"x"), (b"content-type", b"text/plain"), (b"transfer-encoding", b"chunked")],
}  # fmt: skip


class Answer:
    """What an application gives, which says whether it was closed."""

    def __init__(self, pieces: list[bytes], *, streaming: bool = False) -> None:
        self.pieces, self.streaming, self.closed = pieces, streaming, False

    def __iter__(self) -> Any:
        return iter(self.pieces)

    def close(self) -> None:
        self.closed = True


def served(
    application: Callable[..., Iterable[bytes]], *body: bytes, end: str = "http.request", **scope: Any
) -> list[dict[str, Any]]:
    """What a request with this body, in pieces, is answered; `end` is the last word of who sends it.

    `scope`: what it is otherwise than SCOPE says.
    """
    sent: list[Any] = []
    pieces = [{"type": "http.request", "body": piece, "more_body": True} for piece in body]
    waiting = [*pieces, {"type": end, "body": b"", "more_body": False}]

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(WSGIAdapter(application, 1)({**SCOPE, **scope}, receive, send))
    return sent


def test_a_page_goes_back_in_one_piece_and_is_closed() -> None:
    answer, seen = Answer([b"bon", b"jour"]), {}

    def application(environ: dict[str, Any], start: Any) -> Any:
        seen.update(environ, body=environ["wsgi.input"].read())
        start("201 Created", [("X-One", "é")])
        return answer

    start, body = served(application, b"une ", b"phrase")
    assert (start["status"], start["headers"]) == (201, [(b"x-one", "é".encode("latin-1"))])
    assert (body["body"], body["more_body"]) == (b"bonjour", False)
    assert (seen["body"], seen["PATH_INFO"].encode("latin-1").decode(), seen["REMOTE_ADDR"]) == (
        b"une phrase",
        "/é/",
        "10.0.0.1",
    )
    assert answer.closed


def test_r125_a_body_that_comes_too_slowly_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A half-sent form held its connection for ever; a phone that sends slowly but sends has its time."""
    monkeypatch.setattr(asgi_adapter, "PATIENCE", 0.05)
    monkeypatch.setattr(asgi_adapter, "SLOWEST", 100)
    sent: list[Any] = []
    pieces = [b"x" * 10]

    async def receive() -> Any:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(), "more_body": True}
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    def application(environ: dict[str, Any], start: Any) -> Any:
        raise AssertionError("half a form is not one")

    asyncio.run(WSGIAdapter(application, 1)(SCOPE, receive, send))
    assert [message.get("status") for message in sent] == [408, None]
    assert sent[0]["headers"] == [(b"connection", b"close")]


def test_a_body_is_waited_for_only_where_there_may_be_one() -> None:
    def application(environ: dict[str, Any], start: Any) -> Any:
        start("200 OK", [])
        return Answer([environ["wsgi.input"].read()])

    def read(**scope: Any) -> bytes:
        return bytes(served(application, b"mots", **scope)[1]["body"])

    assert read(headers=[]) == b""
    assert read(headers=[(b"content-length", b"4")]) == b"mots"
    assert read(headers=[], http_version="2") == b"mots"  # whose frames say where a body ends


def test_a_file_goes_through_piece_by_piece() -> None:
    answer = Answer([b"a", b"b"], streaming=True)

    def application(environ: dict[str, Any], start: Any) -> Any:
        start("200 OK", [])
        return answer

    assert [message.get("body") for message in served(application)] == [None, b"a", b"b", b""]
    assert answer.closed


def test_a_body_beyond_what_a_request_may_bring_is_refused_whatever_it_declared(settings) -> None:
    settings.REQUEST_MAX_BYTES = 10
    assert served(lambda environ, start: Answer([b"never"]), b"x" * 8, b"x" * 8)[0]["status"] == 413


def test_r123_a_header_with_an_underscore_passes_for_no_other() -> None:
    scope = {**SCOPE, "headers": [(b"x_forwarded_for", b"1.2.3.4"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]}
    environ = environ_of(scope, None)
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


def test_a_body_cut_off_by_a_lost_connection_reaches_no_page() -> None:
    asked = []
    assert served(lambda environ, start: asked.append(environ) or Answer([]), b"body=Bonj", end="http.disconnect") == []
    assert asked == []


@pytest.mark.parametrize(
    "claimed, kept",
    [
        ("text/plain; charset=utf-8", "text/plain"),
        ("text/plain;charset=hex", "text/plain"),
        ("multipart/form-data; boundary=x; charset=unicode_escape", "multipart/form-data; boundary=x"),
        ("multipart/form-data; CHARSET = idna; boundary=x", "multipart/form-data; boundary=x"),
        ("text/plain; charset*=utf-8''hex", "text/plain"),
        ('text/plain; charset="a;charset=b"', "text/plain"),
        ("text/plain; a=b\tcharset", "text/plain"),
        ("multipart/form-data; boundary=y", "multipart/form-data; boundary=y"),
    ],
)
def test_r57_no_encoding_but_ours_is_looked_at(claimed: str, kept: str) -> None:
    """One that is none, or any with more parameters than a page reads, failed before any page of ours could answer."""
    scope = {**SCOPE, "headers": [(b"content-type", claimed.encode())]}
    assert environ_of(scope, None)["CONTENT_TYPE"] == kept
