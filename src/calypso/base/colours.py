"""The colours that follow from the vendor's own, on light and dark pages: each can be read on its ground (WCAG)."""

import re
from dataclasses import dataclass

READABLE = 4.5  # least contrast of a text with what is behind it
_WHITE, _BLACK, _NIGHT = "#ffffff", "#000000", "#06181b"
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_STEP = 0.04


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as `#rrggbb`: `accent` behind white, `strong` under the pointer, `ink` on `tint`; then for the dark."""

    accent: str
    strong: str
    ink: str
    tint: str
    dark_accent: str
    dark_strong: str
    dark_ink: str
    dark_tint: str


OURS = Palette("#0a6e74", "#085a5f", "#07565b", "#e2f3f3", "#2fa3a6", "#45b5b7", "#7fd6d4", "#12383c")


def parse_colour(text: str) -> str:
    """Returns a colour as `#rrggbb`, empty for none. Raises ValueError for one on which white cannot be read."""
    colour = text.strip().lower()
    if colour and (not _COLOUR.fullmatch(colour) or contrast(colour, _WHITE) < READABLE):
        raise ValueError(f"a colour is written #0a6e74 and is dark enough for white letters, not {text!r}")
    return colour


def palette_of(colour: str) -> Palette:
    """Returns the palette of a colour that `parse_colour` returned; our own for none."""
    if not colour:
        return OURS
    tint, dark_tint = _mixed(colour, _WHITE, 0.88), _mixed(colour, _NIGHT, 0.72)
    return Palette(
        accent=colour,
        strong=_mixed(colour, _BLACK, 0.2),
        ink=_readable(colour, tint, _BLACK),
        tint=tint,
        dark_accent=_readable(colour, _NIGHT, _WHITE),
        dark_strong=_mixed(_readable(colour, _NIGHT, _WHITE), _WHITE, 0.15),
        dark_ink=_readable(colour, dark_tint, _WHITE),
        dark_tint=dark_tint,
    )


def contrast(one: str, other: str) -> float:
    """Returns the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, behind: str, towards: str) -> str:
    """Returns a colour moved towards black or white until it can be read on what is behind it."""
    share = 0.0
    moved = colour
    while contrast(moved, behind) < READABLE:
        share += _STEP
        moved = _mixed(colour, towards, share)
    return moved


def _parts(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * min(share, 1)):02x}" for one, two in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
