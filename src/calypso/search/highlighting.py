"""Marks the searched words in texts, and extracts the passage of a long text that holds them."""

from collections.abc import Sequence
from typing import NamedTuple

from calypso.base.french import Word, meaning_of, places_of, written_in
from calypso.base.text import clip

AROUND = 60  # characters shown before the first word found
LENGTH = 180

type Parts = Sequence["Part"]


class Part(NamedTuple):
    """A part of a text, marked or not."""

    text: str
    marked: bool


class Highlighter:
    """Marks the words of a query in the texts of one page; a word that occurs in several texts is compared once."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.number = len(words)
        self._matches = _MatchesByWord(words)
        self._words_by_text: dict[str, set[str]] = {}

    def held_by(self, text: str) -> frozenset[Word]:
        """Returns those of the searched words that the text holds."""
        return frozenset().union(*map(self._matches.__getitem__, self._matching_words(text)))

    def _matching_words(self, text: str) -> set[str]:
        """Returns the words of the text that match, as written in it; a text is analysed once."""
        if not self.number:
            return set()
        if text not in self._words_by_text:
            self._words_by_text[text] = set(filter(self._matches.__getitem__, set(written_in(text))))
        return self._words_by_text[text]

    def marked(self, text: str) -> Parts:
        """Returns the text in parts, with the parts that match one of the searched words marked."""
        parts, end = [], 0
        for start, stop in places_of(text, self._matching_words(text)):
            parts += [Part(text[end:start], False), Part(text[start:stop], True)]
            end = stop
        parts.append(Part(text[end:], False))
        return [part for part in parts if part.text]

    def excerpt(self, text: str) -> Parts:
        """Returns the passage around the first match, with matches marked; the start of the text if nothing matches."""
        places = places_of(text, self._matching_words(text))
        first, start = places[0][0] if places else 0, 0
        if first > AROUND:
            space = text.rfind(" ", 0, first - AROUND + 20)
            start = space + 1 if space > 0 else first
        passage = clip(text[start : start + LENGTH * 2], LENGTH)
        return self.marked(f"… {passage}" if start else passage)


class _MatchesByWord(dict[str, frozenset[Word]]):
    """Maps a word as written in a text to the searched words that it matches; filled as texts are read."""

    def __init__(self, words: Sequence[Word]) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, text_word: str) -> frozenset[Word]:
        plain, forms = meaning_of(text_word)
        matches = self[text_word] = frozenset(word for word in self._words if _word_matches(word, plain, forms))
        return matches


NOTHING = Highlighter(())  # shared by all requests: without words, it stores nothing


def _word_matches(word: Word, plain: str, forms: tuple[str, ...]) -> bool:
    return plain.startswith(word.plain) or any(form in word.forms for form in forms)
