"""Splits French text into words for search, without accents, elisions, plurals or endings, alike on both engines.

A word has one or two forms: its stem without accents and, if different, the stem of the word without accents
(« réglée » and « regle » share that one). Indexed texts and search queries go through the same functions.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from threading import local
from typing import NamedTuple

import Stemmer

from calypso.base.text import fold

LONGEST = 40  # letters of a word that are compared; longer words are cut
_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(r"(?<![^\W_])[^\W_]++(?:[-./_][^\W_]++)++")  # possessive quantifiers: no backtracking
_NAME = re.compile(r"(?<![^\W_])[^\W_]++(?:['’](?=[A-ZÀ-ÖØ-Þ])[^\W_]++)++")
_APOSTROPHE = re.compile("['’]")
MIXED = 12  # letters of a word whose parts are words too: « A42 », « hall4 »
DIGEST = 20  # letters of a word that is copied in part: a number of transaction, a digest
BEGINNINGS = (7, 8, 10, 12, 16, 20)
_JOINS = re.compile(r"[-./_]")
_ELIDED = frozenset(re.findall(r"\w+", "l d j m t s c n qu jusqu lorsqu puisqu quoiqu presqu quelqu"))
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
        a au aux avec ce ces cet cette dans de des du elle elles en est et eu il ils je la le les leur leurs lui ma mais
        me mes mon ne nos notre nous on ont or ou par pas pour qui que quoi sa se ses si son sont sur ta te tes toi ton
        tu un une vos votre vous y ete etre fait lors plus tres donc ni car
        """,
    )
)
_own = local()  # a stemmer stores the word that it works on: each thread needs its own


class Word(NamedTuple):
    """A word and its position in its text; `plain` is the word without case or accents."""

    start: int
    end: int
    plain: str
    forms: tuple[str, ...]


def words_of(text: str) -> Iterator[Word]:
    """Yields the significant words of a text, in order: no elisions, no stop words, at most `LONGEST` letters each."""
    for match in _WORD.finditer(text):
        plain, forms = meaning_of(match[0])
        if forms and not _is_elided(text, plain, match.end()):
            yield Word(*match.span(), plain, forms)


def forms_of(text: str) -> set[str]:
    """Returns all the forms of the words of a text, and of what else people may type of them.

    A compound that holds a digit (« A-42 ») gives its form without separators (« A42 »), a mixed word (« A42 ») its
    letters and its digits, a name with an apostrophe (« O'Neil ») its form without it (« oneil »), a long number or
    digest its beginnings.
    """
    forms = {form for word in words_of(text) for form in word.forms}
    others = [*_compounds(text), *_names(text), *(part for word in _WORD.findall(text) for part in _parts(word))]
    return forms.union(*(meaning_of(other)[1] for other in others))


def _names(text: str) -> Iterator[str]:
    """Yields names with an apostrophe, without it: « O'Neil », « D'Angelo », and not the elision of « l'entrée »."""
    for match in _NAME.finditer(text):
        yield _APOSTROPHE.sub("", match[0][:LONGEST])


def _parts(word: str) -> Iterator[str]:
    """Yields the letters and the digits of a short word that mixes them, and the beginnings of a long one."""
    if not any(map(str.isdigit, word)):
        return
    if len(word) <= MIXED:
        yield from re.findall(r"\d+|[^\W\d_]+", word)
    elif len(word) >= DIGEST:
        yield from (word[:length] for length in BEGINNINGS)


def written_in(text: str) -> list[str]:
    """Returns all the words of a text as written, stop words included, and its compounds."""
    return [*_WORD.findall(text), *_compounds(text)]


def _compounds(text: str) -> Iterator[str]:
    """Yields compounds that hold a digit and separators between letters or digits: stand numbers, versions, dates."""
    for match in _COMPOUND.finditer(text):
        if len(match[0]) <= LONGEST and any(char.isdigit() for char in match[0]):
            yield match[0]


def places_of(text: str, words: Collection[str]) -> list[tuple[int, int]]:
    """Returns the (start, end) positions of words that are given as written in the text, elisions excluded."""
    return sorted(place for word in words for place in _places_of(text, word))


def _places_of(text: str, word: str) -> Iterator[tuple[int, int]]:
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        is_whole = not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
        if is_whole and not _is_elided(text, meaning_of(word)[0], end):
            yield start, end
        start = text.find(word, end)


def _is_elided(text: str, plain: str, end: int) -> bool:
    return plain in _ELIDED and text[end : end + 1] in ("'", "’")


def meaning_of(word: str) -> tuple[str, tuple[str, ...]]:
    """Returns a word without case or accents, and its one or two forms; no form for a stop word."""
    return _meaning_of(word[:LONGEST])


@lru_cache(maxsize=8_192)
def _meaning_of(word: str) -> tuple[str, tuple[str, ...]]:
    lowered = _JOINS.sub("", word).casefold().replace("œ", "oe").replace("æ", "ae")
    plain = _letters(fold(lowered))[:LONGEST]
    if not plain or plain in _EMPTY:
        return plain, ()
    stems = (_singular(_letters(fold(_stem(lowered)))), _singular(_stem(plain)))
    return plain, tuple(dict.fromkeys(stems))


def _letters(text: str) -> str:
    """Returns only the letters and digits of a folded word: Unicode decomposes some characters into a whole phrase."""
    return text if text.isalnum() else "".join(char for char in text if char.isalnum())


def _stem(word: str) -> str:
    if not hasattr(_own, "stemmer"):
        _own.stemmer = Stemmer.Stemmer("french")
    return str(_own.stemmer.stemWord(word))


def _singular(stem: str) -> str:
    """Removes the plural of borrowed words, which the stemmer leaves: « logos », « kakémonos », « menus »."""
    return stem[:-1] if len(stem) > 4 and stem.endswith("s") and stem[-2] in "aiou" else stem
