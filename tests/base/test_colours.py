"""The colours that follow from one: every pair that a page sets together can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calypso.base.colours import OURS, READABLE, contrast, palette_of, parse_colour

PAIRS = (
    ("accent", "#ffffff"),
    ("strong", "#ffffff"),
    ("ink", "tint"),
    ("dark_accent", "#06181b"),
    ("dark_strong", "#06181b"),
    ("dark_ink", "dark_tint"),
)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_our_own_palette_is_readable_and_stands_for_no_colour() -> None:
    assert palette_of(parse_colour("  ")) is OURS
    for text, behind in PAIRS:
        assert contrast(getattr(OURS, text), getattr(OURS, behind, behind)) >= READABLE, text


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_that_is_taken_is_readable_everywhere(number: int) -> None:
    text = f"#{number:06X}"
    if contrast(text.lower(), "#ffffff") < READABLE:
        with pytest.raises(ValueError, match="dark enough"):
            parse_colour(text)
        return
    palette = palette_of(parse_colour(text))
    for name, behind in PAIRS:
        assert contrast(getattr(palette, name), getattr(palette, behind, behind)) >= READABLE, name


@pytest.mark.parametrize("text", ["rouge", "#fff", "0a6e74", "#0a6e7", "#gggggg", "#0a6e744"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="dark enough"):
        parse_colour(text)
