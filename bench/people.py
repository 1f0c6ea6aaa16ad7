"""What is measured: a person's browser, signed in, and the works that they do with it."""

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
    """What came back: status, seconds, bytes as they travelled, text, where to next."""

    status: int
    seconds: float
    size: int
    text: str
    location: str


class Person:
    """One connection, kept, with its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self._lines: deque[socket.socket] = deque()

    def ask(self, method: str, path: str, body: dict[str, str] | None = None) -> Answer:
        """One request and its answer, read to the end."""
        headers = {"Accept-Encoding": "gzip", "Cookie": self.cookie_header()}
        content = urlencode(body) if body is not None else None
        if content is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        try:
            self.connection.request(method, path, content, headers)
            response = self.connection.getresponse()
        except http.client.RemoteDisconnected:  # idle for too long: as a browser, open another
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
        """A page, read and left as it came: a client that takes next to nothing of the processors that serve.

        It takes its lines in turn: of eight alone, chance may give six to one process while the other waits.
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
        """What the browser would say of who it is."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str) -> Answer:
        """A page, which must be there."""
        answer = self.ask("GET", path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return answer

    def post(self, path: str, page: str, **fields: str) -> Answer:
        """A form of `page` (its HTML), sent."""
        answer = self.ask("POST", path, {**hidden(page), **fields})
        if answer.status != 302:
            raise RuntimeError(f"{path} answered {answer.status}")
        return answer

    def sign_in(self, email: str, password: str) -> "Person":
        """The person, signed in."""
        self.post("/connexion/", self.get("/connexion/").text, email=email, password=password)
        return self


LINES = 4  # of one client among several
_LENGTH = re.compile(rb"(?i)content-length: (\d+)")
_NAMES = "csrfmiddlewaretoken|cle|compte|retour|forme|version"
_HIDDEN = re.compile(rf'<input type="hidden" name="({_NAMES})" value="([^"]*)"')


def hidden(page: str) -> dict[str, str]:
    """What the forms of a page carry: the last one of a name stands."""
    return dict(_HIDDEN.findall(page))


@dataclass
class Work:
    """Something that people do: `prepare` gives what `act` needs, unmeasured; `act` is what is measured.

    `crowd` gives an act of a person of their own, for several at once; None for what is measured alone.
    """

    name: str
    act: Callable[..., Answer]
    prepare: Callable[[], tuple[object, ...]] = field(default=tuple)
    times: int = 60
    crowd: Callable[[], Callable[[], object]] | None = None
    clients: int = 8
