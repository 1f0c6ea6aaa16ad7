"""Texts with the words that were asked marked, and the passage of a long one where they stand."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from calypso.base.french import Word, known_as, words_of
from calypso.base.text import clip

AROUND = 60  # characters shown before the first word found
LENGTH = 180


class Part(NamedTuple):
    """A stretch of a text, marked or not."""

    text: str
    marked: bool


class Passage:
    """A text, read for the words that a person asked."""

    def __init__(self, text: str, asked: Sequence[Word]) -> None:
        self.text, self.asked = text, asked

    @cached_property
    def held(self) -> frozenset[Word]:
        """Those of the words that the text holds."""
        known = known_as(self.text)
        return frozenset(word for word in self.asked if any(_same(word, plain, forms) for plain, forms in known))

    @cached_property
    def _found(self) -> list[Word]:
        if not self.held:
            return []
        return [
            word for word in words_of(self.text) if any(_same(asked, word.plain, word.forms) for asked in self.held)
        ]

    def marked(self) -> list[Part]:
        """The text in parts, those that answer to one of the words marked."""
        parts, end = [], 0
        for found in self._found:
            parts += [Part(self.text[end : found.start], False), Part(self.text[found.start : found.end], True)]
            end = found.end
        parts.append(Part(self.text[end:], False))
        return [part for part in parts if part.text]

    def excerpt(self) -> list[Part]:
        """The passage around the first of the words, marked; the beginning when the text holds none."""
        first = self._found[0].start if self._found else 0
        start = 0
        if first > AROUND:
            space = self.text.rfind(" ", 0, first - AROUND + 20)
            start = space + 1 if space > 0 else first
        passage = clip(self.text[start : start + LENGTH * 2], LENGTH)
        return Passage(f"… {passage}" if start else passage, self.asked).marked()


def _same(word: Word, plain: str, forms: tuple[str, ...]) -> bool:
    return not set(word.forms).isdisjoint(forms) or plain.startswith(word.plain)
