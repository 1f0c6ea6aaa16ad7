"""What is measured: a person's browser, signed in, and the works that they do with it."""

import gzip
import http.client
import re
import time
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
        """A page, read and left as it came: where the client is not what is measured."""
        self.connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Cookie": self.cookie_header()})
        response = self.connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")

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
