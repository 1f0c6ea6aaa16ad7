"""What a page offers is never refused: each link and each button of each page, pressed by whoever reads it."""

from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

import pytest
from django.db import transaction
from django.urls import Resolver404, resolve

from calypso.base import clock
from calypso.tickets.models import Ticket
from tests.world import World

EACH = 3  # pages of one route that are looked at
PERSONAS = ["dec", "pm", "out", "buser", "manager", "agent", "support", "rd", "admin", "norole"]


class Offers(HTMLParser):
    """The links of a page, and what each of its buttons posts: (address, fields)."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.links, self.posts = here, [], []  # type: ignore[var-annotated]
        self._forms: dict[str, tuple[str, dict[str, str]]] = {}
        self._form = ""
        self._buttons: list[tuple[str, str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(urldefrag(given["href"]).url)
        elif tag == "form" and given.get("method") == "post":
            self._form = given.get("id") or f"form{len(self._forms)}"
            self._forms[self._form] = (given.get("action") or self.here, {})
        elif (
            tag == "input"
            and given.get("name")
            and self._form
            and given.get("type") not in ("checkbox", "radio", "file")
        ):
            self._forms[self._form][1].setdefault(given["name"], given.get("value", ""))
        elif tag == "button" and given.get("type") != "button" and "disabled" not in given:
            owner = given.get("form") or self._form
            if owner:
                self._buttons.append(
                    (owner, given.get("formaction", ""), given.get("name", ""), given.get("value", ""))
                )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""

    def found(self) -> "Offers":
        for owner, to, name, value in self._buttons:
            action, fields = self._forms[owner]
            self.posts.append((to or action, fields | ({name: value} if name else {})))
        return self


def route(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


@pytest.mark.parametrize("who", PERSONAS)
def test_r2_nothing_offered_is_refused(who: str, browser, world: World) -> None:
    if who == "rd":
        Ticket.objects.filter(pk=world.ticket("A1").pk).update(state="rd", handed_to_rd_at=clock.now())
    opened, todo, seen = browser(who), ["/"], Counter()  # type: ignore[var-annotated]
    known: set[str] = set()
    pressed: set[tuple[str, str]] = set()
    while todo:
        path = todo.pop(0)
        if path in known or seen[route(path)] >= EACH or path.startswith("/static/"):
            continue
        known.add(path)
        seen[route(path)] += 1
        answer = opened.get(path, follow=True)
        assert answer.status_code == 200, f"{who} is led to {path}"
        if "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        offers = Offers(path)
        offers.feed(answer.content.decode())
        todo += offers.found().links
        for to, fields in offers.posts:
            key = (route(to), fields.get("act", "") + fields.get("step", ""))
            if key in pressed or route(to) in ("signin:logout", "signin:impersonate", "signin:stop_impersonating"):
                continue
            pressed.add(key)
            with transaction.atomic():
                said = opened.post(to, fields)
                transaction.set_rollback(True)
            assert said.status_code not in (403, 404, 405), (
                f"{who} presses {fields.get('act')} of {path}, which posts to {to}"
            )
    assert len(known) > (3 if who in ("norole", "out", "buser") else 8)
