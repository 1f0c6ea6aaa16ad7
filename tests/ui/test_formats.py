"""A person's text is escaped and its addresses are links, however it is read (R46–R48)."""

import pytest
from django.utils.html import urlize
from hypothesis import given
from hypothesis import strategies as st

from calypso.ui.formats import as_marked, as_text

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
