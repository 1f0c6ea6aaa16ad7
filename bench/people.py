"""The clients of the measurements: a person's browser, signed in, and the works that they do with it."""

import gzip
import http.client
import re
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass
class Answer:
    """A response: status, seconds, bytes as transferred, text, redirection."""

    status: int
    seconds: float
    size: int
    text: str
    location: str


class Person:
    """One kept-alive connection, with its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self._lines: deque[socket.socket] = deque()

    def ask(self, method: str, path: str, body: dict[str, str] | None = None) -> Answer:
        """Sends one request and reads its response to the end."""
        headers = {"Accept-Encoding": "gzip", "Cookie": self.cookie_header()}
        content = urlencode(body) if body is not None else None
        if content is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        try:
            self.connection.request(method, path, content, headers)
            response = self.connection.getresponse()
        except http.client.RemoteDisconnected:  # idle for too long: opens another, as a browser does
            self.connection.close()
            started = time.perf_counter()
            self.connection.request(method, path, content, headers)
            response = self.connection.getresponse()
        raw = response.read()
        seconds = time.perf_counter() - started
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _equals, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        data = gzip.decompress(raw) if response.headers.get("Content-Encoding") == "gzip" else raw
        text = data.decode(errors="replace")
        return Answer(response.status, seconds, len(raw), text, response.headers.get("Location", ""))

    def fetch(self, path: str) -> None:
        """Fetches a page without decompressing it: a client that takes almost no processor time from the servers.

        It uses its connections in turn: with one for each of eight clients, six may fall to one process while the other
        waits.
        """
        if len(self._lines) < LINES:
            self._lines.append(socket.create_connection(("127.0.0.1", self.connection.port), timeout=60))
        line = self._lines[-1]
        self._lines.rotate()
        cookies = self.cookie_header()
        asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nCookie: {cookies}\r\n\r\n"
        line.sendall(asked.encode())
        read = b""
        while b"\r\n\r\n" not in read:
            read += line.recv(1 << 16)
        head, _end, body = read.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"{path} answered {head[:40].decode()}")
        left = int(_LENGTH.search(head)[1]) - len(body)  # type: ignore[index]
        while left > 0:
            left -= len(line.recv(1 << 16))

    def cookie_header(self) -> str:
        """Returns the Cookie header of the browser."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str) -> Answer:
        """Fetches a page. Raises RuntimeError when its status is not 200."""
        answer = self.ask("GET", path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return answer

    def post(self, path: str, page: str, **fields: str) -> Answer:
        """Posts the form of `page` (its HTML) with `fields`. Raises RuntimeError when it does not redirect."""
        answer = self.ask("POST", path, {**hidden(page), **fields})
        if answer.status != 302:
            raise RuntimeError(f"{path} answered {answer.status}")
        return answer

    def sign_in(self, email: str, password: str) -> "Person":
        """Signs the person in; returns them."""
        self.post("/connexion/", self.get("/connexion/").text, email=email, password=password)
        return self


LINES = 4  # connections of one client among several
_LENGTH = re.compile(rb"(?i)content-length: (\d+)")
_NAMES = "csrfmiddlewaretoken|cle|compte|retour|forme|version"
_HIDDEN = re.compile(rf'<input type="hidden" name="({_NAMES})" value="([^"]*)"')


def hidden(page: str) -> dict[str, str]:
    """Returns the hidden fields of the forms of a page; the last one of a name wins."""
    return dict(_HIDDEN.findall(page))


@dataclass
class Work:
    """Something that people do: `prepare` returns the arguments of `act`, unmeasured; `act` is measured.

    `crowd` returns an act by a person of their own, for several clients at once; None for works measured alone.
    """

    name: str
    act: Callable[..., Answer]
    prepare: Callable[[], tuple[object, ...]] = field(default=tuple)
    times: int = 60
    crowd: Callable[[], Callable[[], object]] | None = None
    clients: int = 8
