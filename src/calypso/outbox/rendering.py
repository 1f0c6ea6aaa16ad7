"""Rendering of a message: subject, text and HTML, in the recipient's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from calypso.base.text import clip, one_line

SUBJECT_MAX = 400


@dataclass(frozen=True, slots=True)
class Message:
    """The content of one mail."""

    subject: str
    text: str
    html: str


def rendered(kind: str, language: str, context: Mapping[str, Any]) -> Message:
    """Renders `mail/<kind>/subject.txt`, `body.txt` and `body.html` into a message, in `language` (`fr` or `en`)."""
    with translation.override(language):
        values = {**context, "language": language}
        subject = clip(one_line(_part(kind, "subject.txt", values), 10_000), SUBJECT_MAX)
        text = _part(kind, "body.txt", values).strip() + "\n"
        html = _part(kind, "body.html", {**values, "subject": subject})
    return Message(subject, text, html)


def _part(kind: str, name: str, context: Mapping[str, Any]) -> str:
    return render_to_string(f"mail/{kind}/{name}", dict(context))
