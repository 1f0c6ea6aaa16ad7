"""Reading pages as a person does: words without typography, forms as they would be posted."""

import re
from html import unescape
from html.parser import HTMLParser


def words(response) -> str:
    """The visible words of a page, typography and markup aside."""
    html = response.content.decode()
    body = html.split("<body", 1)[-1]
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", body, flags=re.S)
    text = re.sub(r"<[^>]+>", " ", body)
    text = unescape(text).replace("\u202f", " ").replace("’", "'")
    return re.sub(r"\s+", " ", text)


def in_order(response, *parts: str) -> bool:
    """Whether the page says these parts, in this order."""
    text, place = words(response), 0
    for part in parts:
        found = text.find(part, place)
        if found < 0:
            raise AssertionError(f"« {part} » is not after « {text[max(0, place - 60) : place]} » in: {text}")
        place = found + len(part)
    return True


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.actions: list[str] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "form":
            self.forms.append({})
            self.actions.append(given.get("action") or "")
        if not self.forms:
            return
        fields = self.forms[-1]
        if tag == "input" and name and given.get("type") not in ("file", "radio", "checkbox"):
            fields.setdefault(name, []).append(value)
        elif tag == "input" and name and given.get("type") in ("radio", "checkbox") and "checked" in given:
            fields.setdefault(name, []).append(value or "on")
        elif tag == "select" and name:
            self._select = name
            fields[name] = [""]
        elif tag == "option" and self._select and "selected" in given:
            fields[self._select] = [value]
        elif tag == "textarea" and name:
            self._area = name
            fields[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area][0] += data.removeprefix("\n")


def forms(response) -> list[dict[str, list[str]]]:
    """The fields of each form of the page, as they stand there."""
    parsed = _Forms()
    parsed.feed(response.content.decode())
    return parsed.forms


def form(response, action: str) -> dict[str, list[str]]:
    """The fields of the form that posts to `action`, as they stand in the page."""
    parsed = _Forms()
    parsed.feed(response.content.decode())
    for fields, to in zip(parsed.forms, parsed.actions, strict=True):
        if to == action:
            return fields
    raise AssertionError(f"no form posts to {action}; there are {parsed.actions}")


def fill(fields: dict[str, list[str]], **values: str) -> dict[str, list[str]]:
    """The fields with some values changed."""
    return {**fields, **{name: [value] for name, value in values.items()}}


class _Still(HTMLParser):
    """Gathers the texts outside of the parts that follow by themselves, and the fields that a person fills."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        follows = (bool(self._open) and self._open[-1][1]) or tag in ("head", "script") or "data-live" in dict(attrs)
        if tag not in ("input", "img", "br", "meta", "link", "hr", "wbr"):
            self._open.append((tag, follows))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that closes itself holds no text."""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self._open and self._open[-1][1]):
            self.texts.append(" ".join(data.split()))


def still_texts(response) -> list[str]:
    """What a page says outside of its live parts: what a refresh leaves as it was."""
    parser = _Still()
    parser.feed(response.content.decode())
    return parser.texts
