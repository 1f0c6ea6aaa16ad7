"""What a person types, made safe (R51, R53–R57)."""

import unicodedata
from typing import Literal

import pytest

from calypso.base.text import TITLE_MAX, Unreadable, clip, fold, many_lines, normalized, one_line

SEPARATORS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_r51_every_line_separator_of_a_line_becomes_a_space(separator: str) -> None:
    assert one_line(f"avant{separator}après", 50) == "avant après"


@pytest.mark.parametrize("separator", SEPARATORS)
def test_every_line_separator_of_a_block_becomes_one_line_break(separator: str) -> None:
    assert many_lines(f"avant{separator}après", 50) == "avant\naprès"


def test_blank_lines_of_a_block_are_kept_inside_and_dropped_outside() -> None:
    assert many_lines("\n\nun\r\n\r\ndeux\n\n", 50) == "un\n\ndeux"


@pytest.mark.parametrize("bad", ["\x00", "\ud800"])
@pytest.mark.parametrize("clean", [one_line, many_lines])
def test_r53_r54_nul_and_lone_surrogates_are_refused(bad: str, clean) -> None:
    with pytest.raises(Unreadable):
        clean(f"texte{bad}", 50)


@pytest.mark.parametrize("length, accepted", [(TITLE_MAX, True), (TITLE_MAX + 1, False), (TITLE_MAX * 1000, False)])
def test_r57_limits_count_code_points(length: int, accepted: bool) -> None:
    text = "🎪" * length
    if accepted:
        assert one_line(text, TITLE_MAX) == text
    else:
        with pytest.raises(Unreadable, match="200"):
            one_line(text, TITLE_MAX)


@pytest.mark.parametrize(
    "pasted, kept",
    [
        ("expo\u00adsition", "exposition"),
        ("un\u200b mot", "un mot"),
        ("\ufeffdébut", "début"),
        ("fin\u00a0", "fin"),
        ("\x1b[31mERREUR\x1b[0m : \x07disque", "ERREUR : disque"),
        ("\x1b]0;titre\x07$ ls", "$ ls"),
        ("a\x08b\x7fc\x9fd\x1b", "abcd"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
@pytest.mark.parametrize("clean", [one_line, many_lines])
def test_what_a_copy_brings_unseen_is_taken_out_never_refused(pasted: str, kept: str, clean) -> None:
    assert clean(pasted, 50) == kept


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
@pytest.mark.parametrize("marks", ["\u0301\u0327", "\u0f73\u0301", "\uff9e\u0301"], ids=["latin", "tibetan", "kana"])
def test_of_many_marks_on_a_letter_the_first_are_kept(form: Literal["NFC", "NFKC", "NFKD"], marks: str) -> None:
    """Their order takes the square of their number: what is kept does not grow with what was typed."""
    assert len(normalized(form, f"a{marks * 500}b")) == len(normalized(form, f"a{marks * 50_000}b")) < 70
    assert normalized("NFC", "e" + "\u0301") == "é"


@pytest.mark.parametrize("clean", [one_line, many_lines])
def test_r57_a_text_is_measured_before_it_is_cleaned(clean, monkeypatch) -> None:
    def work(*_: object) -> str:
        raise AssertionError("no work is done on what is too long")

    monkeypatch.setattr("calypso.base.text._visible", work)
    with pytest.raises(Unreadable, match="401"):
        clean("é" * 401, 100)


def test_r55_text_is_stored_composed() -> None:
    assert one_line(unicodedata.normalize("NFD", "évènement"), 50) == "évènement"


def test_r56_direction_controls_leave_a_line() -> None:
    assert one_line("fac\u202eture", 50) == "facture"


@pytest.mark.parametrize("written", ["Réglé", "REGLE", "re\u0301gle\u0301", "ŒUVRE", "œuvre"])
def test_r55_folding_forgets_case_accents_and_composition(written: str) -> None:
    assert fold(written) in ("regle", "oeuvre")


@pytest.mark.parametrize(
    "text, limit, expected",
    [
        ("court", 10, "court"),
        ("assez long pour être coupé", 11, "assez long…"),
        ("un\ndeux", 20, "un deux"),
        ("abcde\u0301fgh", 6, "abcd…"),
        ("ab👨\u200d👩\u200d👧cd", 5, "ab…"),
    ],
)
def test_r55_a_preview_never_cuts_a_character_sequence(text: str, limit: int, expected: str) -> None:
    assert clip(text, limit) == expected
