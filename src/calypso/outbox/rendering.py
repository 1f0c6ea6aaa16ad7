"""A message in words: subject, text and HTML, in the recipient's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import css_inline
from django.template.loader import render_to_string
from django.utils import translation

from calypso.base.text import clip, one_line

SUBJECT_MAX = 400
_inliner = css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Message:
    """What one mail says; `html` carries its styles in its tags, as mail readers want them."""

    subject: str
    text: str
    html: str


def rendered(kind: str, language: str, context: Mapping[str, Any], subject: str = "") -> Message:
    """The message made of `mail/<kind>/subject.txt`, `body.txt` and `body.html`, in `language` (`fr` or `en`).

    `subject` is what `subject_of` said, when the caller asked it already.
    """
    with translation.override(language):
        values = {**context, "language": language}
        subject = subject or _subject(kind, values)
        text = _part(kind, "body.txt", values).strip() + "\n"
        html = _inliner.inline(_part(kind, "body.html", {**values, "subject": subject}))
    return Message(subject, text, html)


def subject_of(kind: str, language: str, context: Mapping[str, Any]) -> str:
    """What a message is about, on one line, in `language`."""
    with translation.override(language):
        return _subject(kind, {**context, "language": language})


def _subject(kind: str, values: Mapping[str, Any]) -> str:
    return clip(one_line(_part(kind, "subject.txt", values), 10_000), SUBJECT_MAX)


def _part(kind: str, name: str, context: Mapping[str, Any]) -> str:
    return render_to_string(f"mail/{kind}/{name}", dict(context))
