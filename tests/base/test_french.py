"""Words as French is searched."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from calypso.base import french
from calypso.base.french import LONGEST, forms_of, places_of, words_of


@pytest.mark.parametrize(
    "one, other",
    [
        ("réglée", "regle"),
        ("Règlements", "REGLEMENT"),
        ("œuvres", "oeuvre"),
        ("l'hôtel", "hotels"),
        ("journaux", "journal"),
        ("kakémonos", "kakemono"),
        ("logos", "logo"),
        ("exposante", "exposants"),
    ],
)
def test_two_ways_to_write_a_word_meet(one: str, other: str) -> None:
    assert forms_of(one) & forms_of(other)


@pytest.mark.parametrize("one, other", [("portail", "porte"), ("billet", "billard"), ("2026", "2025")])
def test_other_words_do_not(one: str, other: str) -> None:
    assert not forms_of(one) & forms_of(other)


def test_threads_do_not_mix_their_words() -> None:
    words = [f"inscriptions{number:x}ment" for number in range(4000)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(forms_of, words))
    french._meaning_of.cache_clear()
    assert together == [forms_of(word) for word in words]


def test_what_means_nothing_is_no_word() -> None:
    assert list(words_of("L'un de ces % _ — …")) == []


def test_r58_a_letter_that_is_a_sentence_is_one_word() -> None:
    """« ﷺ » folds to four words: a term with spaces is none, and asking for one broke the search."""
    assert all(form.isalnum() for form in forms_of("\ufdfa \ufdfb a\u2100b \u33c2"))


def test_of_an_endless_word_the_beginning_counts() -> None:
    endless = "anticonstitutionnellement" * 3
    assert forms_of(endless) == forms_of(endless[:LONGEST])
    assert forms_of(endless) != set()


@pytest.mark.parametrize("written", ["A-42", "a.42", "A/42", "A_42", "A42"])
def test_a_number_is_found_without_the_signs_inside(written: str) -> None:
    assert "a42" in forms_of(f"Le stand {written} est vide")


@pytest.mark.parametrize("written", ["peut-être", "et/ou", "a" * 30 + "-" + "1" * 30])
def test_other_signs_join_nothing(written: str) -> None:
    assert not {form for form in forms_of(written) if len(form) > 30 or form in ("peutetre", "etou")}


@pytest.mark.parametrize(
    "one, other",
    [("Łódź", "lodz"), ("Đặng", "dang"), ("Ørsted", "orsted"), ("Ísafjörður", "isafjordur")],
)
def test_letters_of_neighbours_are_letters_of_ours(one: str, other: str) -> None:
    assert forms_of(one) & forms_of(other)


def test_a_word_says_where_it_stands() -> None:
    text = "Qu'un badge d’Élodie"
    assert [(text[word.start : word.end], word.plain) for word in words_of(text)] == [
        ("badge", "badge"),
        ("Élodie", "elodie"),
    ]


def test_a_word_stands_where_it_is_whole_and_not_elided() -> None:
    text = "Le lot du ballot_lot : lots, l'lot, Lot et lot."
    assert [text[start:end] for start, end in places_of(text, {"lot", "Lot", "l"})] == [
        "lot",
        "lot",
        "lot",
        "Lot",
        "lot",
    ]
    assert [start for start, _end in places_of(text, {"lot"})] == [3, 17, 31, 43]
