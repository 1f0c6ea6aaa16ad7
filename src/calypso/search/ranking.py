"""Finds the tickets that match words, best first; ranking in Python gives the same order on both database engines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from calypso.accounts.models import User
from calypso.base.french import Word, words_of
from calypso.base.references import REFERENCE_LENGTH, confusable
from calypso.base.searching import WORDS_MAX
from calypso.base.validation import search_words
from calypso.internals.compiled_query import CompiledQuery, padded
from calypso.search.access import search_scope
from calypso.search.index_terms import INSIDE, TITLE, spellings, term_of_reference
from calypso.search.lookup import answering, beginning, newest, windows
from calypso.search.models import Spelling
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Ticket

MOST = 100  # tickets that are ranked; a query that matches more should be refined
# Matches that are filtered by their ids, or listed; of more, the database filters a subquery, window by window.
MANY = 2_000
COMPLETIONS = 200  # known words that the last word typed may be the start of
SHORTEST_START = 2
SHORTEST_REFERENCE = 3
NEAR = 12  # known words that a misspelled word may stand for

type Groups = Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of the matching tickets, best first.

    `how`: "" if they match the words of the query, "near" if they match similar words, "some" if they match some of the
    words only. `words` are the words with the forms that were searched for. `more`: other tickets match too.
    """

    keys: Sequence[int]
    words: Sequence[Word] = ()
    how: str = ""
    more: bool = False


def find(
    viewer: User,
    words: Sequence[Word],
    *,
    groups: Groups = (),
    among: QuerySet[Ticket] | None = None,
    typing: bool = False,
    most: int = MOST,
) -> Found:
    """Returns the tickets visible to `viewer` that hold all the words; failing that, similar words, or some of them.

    `groups` narrow by terms and `among` by a queryset; `typing` says that the last word may be incomplete. The newest
    `most` matches are ranked: first a reference equal to the word, then by the words in the title (in order and with
    few others), then the newest.
    """
    if not words:
        return Found([])
    scope = search_scope(viewer)
    if scope is not None:
        groups = [*groups, scope]
    readings = [_readings(viewer, word, typing and number == len(words)) for number, word in enumerate(words, 1)]
    lookup = _Lookup(viewer, words, groups, among, most)
    if keys := lookup.find(readings):
        return lookup.ranked(keys, readings)
    if near_words := _near_words(words):
        readings = [_readings(viewer, word, False) for word in near_words]
        if keys := lookup.find(readings):
            return replace(lookup, words=near_words).ranked(keys, readings, "near")
    any_reading = [frozenset().union(*readings)] if len(readings) > 1 else []
    return lookup.ranked(lookup.find(any_reading), readings, "some") if any_reading else Found([], words)


def holding_words(viewer: User, tickets: QuerySet[Ticket], text: str, groups: Groups = ()) -> QuerySet[Ticket]:
    """Returns those of `tickets` that hold all the words of a text and match the groups of terms.

    All of them for an empty text, none for a text without searchable words. Without groups the tickets may be closed
    ones, which only grow in number: the newest two thousand (`MANY`) are looked up, at once. Raises Invalid for a text
    that cannot be searched for.
    """
    text = search_words(text)
    words = list(words_of(text))[:WORDS_MAX]
    if not text or not words:
        return tickets.none() if text else tickets
    readings = [_readings(viewer, word, number == len(words)) for number, word in enumerate(words, 1)]
    if groups:
        return tickets.filter(pk__in=answering([*readings, *groups]))
    return Ticket.objects.filter(pk__in=_Lookup(viewer, words, (), tickets, MANY).find(readings))


@dataclass(frozen=True, slots=True)
class _Lookup:
    viewer: User
    words: Sequence[Word]
    groups: Groups
    among: QuerySet[Ticket] | None
    most: int

    def find(self, readings: Groups) -> list[int]:
        """Returns the ids of the newest matches: up to one more than wanted, to tell whether there are more."""
        groups, most = [*readings, *self.groups], self.most + 1
        if self.among is None:
            return newest(groups, most) if all(groups) else []
        keys = newest(groups, MANY) if all(groups) else []
        if len(keys) < MANY:
            return self._filtered_keys(keys, most)
        matches: list[int] = []
        for window in windows():
            matches += self._filtered_keys(answering([*groups, window]), most - len(matches))
            if len(matches) == most:
                break
        return matches

    def _filtered_keys(self, keys: Sequence[int] | RawSQL, most: int) -> list[int]:
        assert self.among is not None
        return list(self.among.filter(pk__in=keys).order_by("-pk").values_list("pk", flat=True)[:most])

    def ranked(self, keys: list[int], readings: Groups, how: str = "") -> Found:
        """Returns those of the ids that are visible to the viewer, best first.

        When there are more matches than wanted, the newest matches by title are ranked too.
        """
        more = len(keys) > self.most
        candidates = dict.fromkeys(keys[: self.most])
        if more and not how:
            titles = [frozenset(f"{TITLE}{form}" for form in group if form[0].isalnum()) for group in readings]
            candidates |= dict.fromkeys(self.find(titles))
        rows = _TITLES.fetch(self.viewer, padded([*candidates]))
        scores = [(_score(self.words, reference, title), pk) for pk, reference, title in rows]
        return Found([pk for _score, pk in sorted(scores, reverse=True)], self.words, how, more)


def _titles(viewer: User, keys: list[int]) -> QuerySet[Any]:
    return tickets_for(viewer).filter(pk__in=keys).order_by().values_list("pk", "reference", "title")


_TITLES = CompiledQuery(_titles)


def _readings(viewer: User, word: Word, unfinished: bool) -> frozenset[str]:
    """Returns the terms that match a word for this viewer (R11).

    They are its forms, those of the known words that it may be the start of, and the start of a reference; internal
    texts are matched for the team only.
    """
    forms = set(word.forms)
    if unfinished and len(word.plain) > SHORTEST_START:
        forms.update(_forms_of(beginning(word.plain, COMPLETIONS)))
    readings = set(forms) if viewer.is_client else forms | {f"{INSIDE}{form}" for form in forms}
    if SHORTEST_REFERENCE <= len(word.plain) <= REFERENCE_LENGTH and word.plain.isascii():
        readings.add(f"{term_of_reference(word.plain)}*")
    return frozenset(readings)


def _forms_of(words: Iterable[str]) -> set[str]:
    return {form for text in words for word in words_of(text) for form in word.forms}


def _near_words(words: Sequence[Word]) -> list[Word]:
    """Returns the words, each with the forms of the known words one typing error away; empty if there are none."""
    result = []
    for word in words:
        known_words = (
            Spelling.objects.filter(spelling__in=spellings(word.plain)).values_list("word", flat=True).distinct()
        )
        forms = _forms_of(known_words.order_by("word")[:NEAR])
        result.append(word._replace(forms=tuple(sorted({*word.forms, *forms}))))
    return result if result != list(words) else []


def _score(words: Sequence[Word], reference: str, title: str) -> float:
    """Returns the score of a ticket, from its reference and title; the rest of it is known to match."""
    score = 0.0
    if len(words) == 1:
        word_form, reference_form = confusable(words[0].plain), confusable(reference)
        score += (
            100
            if word_form == reference_form
            else 50
            if len(word_form) >= SHORTEST_REFERENCE and reference_form.startswith(word_form)
            else 0
        )
    in_title = list(words_of(title))
    if not in_title or not words:
        return score
    places = [_place(word, in_title) for word in words]
    hits = [place for place in places if place is not None]
    exact = sum(
        word.plain == in_title[place].plain for word, place in zip(words, places, strict=True) if place is not None
    )
    consecutive = sum(
        next_place is not None and place is not None and next_place == place + 1
        for place, next_place in pairwise(places)
    )
    whole = 5 if len(hits) == len(words) else 0
    return (
        score
        + whole
        + 10 * len(hits) / len(words)
        + 3 * consecutive / len(words)
        + exact / len(words)
        + 2 * len(hits) / len(in_title)
    )


def _place(word: Word, title: Sequence[Word]) -> int | None:
    """Returns the position in a title of a word, or of one that starts with it; None without either."""
    forms = set(word.forms)
    for number, title_word in enumerate(title):
        if not forms.isdisjoint(title_word.forms):
            return number
    return next((number for number, title_word in enumerate(title) if title_word.plain.startswith(word.plain)), None)
