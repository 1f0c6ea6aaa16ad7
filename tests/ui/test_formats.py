"""A person's text is escaped and its addresses are links, however it is read (R46–R48)."""

import pytest
from django.utils.html import urlize
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from calypso.base.i18n import of
from calypso.ui.formats import as_dialled, as_marked, as_size, as_spell, as_text

SAMPLES = [
    "Rien. Vraiment rien ! <b>",
    "www.",
    "www.leni.example",
    "leni.fr",
    "a@b.fr",
    "a@b",
    "http://a",
    "https://[::1]/x",
    "HTTP://A.EXAMPLE",
    "http:/a",
    "mailto:a@b.fr",
    "(voir leni.fr/aide).",
    "fin.Début",
]


def _read_whole(text: str) -> str:
    return urlize(text, nofollow=True, autoescape=True).replace('rel="nofollow"', 'rel="noopener noreferrer nofollow"')


@pytest.mark.parametrize("text", SAMPLES)
def test_r46_a_text_without_address_reads_as_when_looked_for_one(text: str) -> None:
    assert as_text(text) == _read_whole(text)


@given(st.text(alphabet="ahtpsw<.:/@[] fr&'", max_size=20))
def test_r46_any_text_reads_so(text: str) -> None:
    assert as_text(text) == _read_whole(text)


def test_r46_marks_are_ours_and_what_they_hold_is_escaped() -> None:
    assert as_marked([("a <b> ", False), ("<i>", True)]) == "a &lt;b&gt; <mark>&lt;i&gt;</mark>"


@pytest.mark.parametrize(
    "seconds, written",
    [(29, "0 min"), (30, "0 min"), (89, "1 min"), (3599, "1 h"), (5399, "1 h 30"), (5340, "1 h 29"), (37_740, "10 h")],
)
def test_a_stretch_of_time_is_rounded_never_cut(seconds: int, written: str) -> None:
    assert as_spell(seconds).replace("\u00a0", " ") == written


@pytest.mark.parametrize("size, written", [(0, "0 Ko"), (1, "1 Ko"), (1024, "1 Ko"), (12 * 1024**2, "12 Mo")])
def test_nothing_weighs_nothing_and_what_is_there_something(size: int, written: str) -> None:
    assert as_size(size).replace("\u202f", " ") == written


@pytest.mark.parametrize(
    "name, french",
    [
        ("Léni", "de Léni"),
        ("Atelier", "d’Atelier"),
        ("Élan", "d’Élan"),
        ("Œuvre", "d’Œuvre"),
        ("Yonne", "de Yonne"),
        ("Yvelines", "d’Yvelines"),
        ("42", "de 42"),
    ],
)
def test_a_name_is_elided_as_french_wants(name: str, french: str) -> None:
    assert of(name) == french
    with override("en"):
        assert of(name) == name


@pytest.mark.parametrize(
    "written, dialled",
    [
        ("01 23 45 67 89", "0123456789"),
        ("+33 (0)1.23.45.67.89", "+33123456789"),
        ("01 23 45 67 89 poste 12", "0123456789"),
        ("01 23 45 67 89 (standard)", "0123456789"),
    ],
)
def test_a_telephone_dials_its_number_alone(written: str, dialled: str) -> None:
    assert as_dialled(written) == dialled
