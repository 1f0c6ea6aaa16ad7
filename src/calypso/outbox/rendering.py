"""Rendering of a message: title, subject, text and HTML, in the recipient's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from calypso.base.text import clip, one_line

TITLE_MAX = 400


@dataclass(frozen=True, slots=True)
class Message:
    """The content of one mail: `title` says what happened, `subject` is what mail clients group by."""

    title: str
    subject: str
    text: str
    html: str


def rendered(kind: str, language: str, context: Mapping[str, Any], subject: str = "") -> Message:
    """Renders `mail/<kind>/title.txt`, `body.txt` and `body.html` into a message, in `language` (`fr` or `en`).

    Its subject is `subject` or, when empty, its title.
    """
    with translation.override(language):
        values = {**context, "language": language}
        title = clip(one_line(_part(kind, "title.txt", values), 10_000), TITLE_MAX)
        text = _part(kind, "body.txt", values).strip() + "\n"
        html = _part(kind, "body.html", {**values, "title": title})
    return Message(title, clip(one_line(subject, 10_000), TITLE_MAX) or title, text, html)


def _part(kind: str, name: str, context: Mapping[str, Any]) -> str:
    return render_to_string(f"mail/{kind}/{name}", dict(context))
