"""What a person typed, made safe to store and to compare. Every entrance uses these functions (R51, R53–R57).

A text is measured before anything is done with it, and no work grows faster than its length: `normalized` is the only
caller of Unicode's normalization, whose time is the square of a run of combining marks.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from calypso.base.i18n import gettext as _

# Limits in code points, written once (R57). Fields of models, forms and the pages' counters read them here.
TITLE_MAX = 200
NAME_MAX = 100
NAME_FOLDED_MAX = NAME_MAX * 2
EMAIL_MAX = 254
URL_MAX = 2000
CONTEXT_MAX = 1000
BODY_MAX = 20_000
QUERY_MAX = 200
QUESTION_MAX = 1000  # the filters of a queue, as an address carries them
KEY_MAX = 40
FORM_KEY_MAX = 32  # what an act beside the form adds to its key still fits in a key

SLACK = 4  # times the limit that a text may measure before it is cleaned: a composed letter was typed as three signs
MARKS_MOST = 30  # combining marks on one letter that are kept: no script writes more (UAX 15, stream-safe text)
_SHORT = 64  # signs up to which a run of marks costs nothing worth counting

_LINE_SEPARATORS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SPACES = re.compile(r"[ \t\u00a0]+")
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")  # colours and titles
# What a copy brings along unseen: control signs, soft hyphens, zero-width spaces, byte order marks. The joiners of
# emoji and of Persian are not among them: they change what is read.
_UNSEEN = re.compile(r"[\x01-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060-\u2064\ufeff]")
_DIRECTION = re.compile(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_UNREADABLE = re.compile(r"[\x00\ud800-\udfff]")
# Letters that are no composition of another for Unicode, and are for whoever searches.
_PLAIN = str.maketrans(
    {"œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "þ": "th"}
)


class Unreadable(ValueError):
    """The text is longer than its place, or holds what no database can: NUL, half a surrogate pair."""


def measured(value: str, limit: int) -> str:
    """`value`, if it may hold at most `limit` code points once it is cleaned. Raises Unreadable, no work done."""
    if len(value) > limit * SLACK:
        raise _too_long(len(value), limit)
    return value


def normalized(form: Literal["NFC", "NFKC", "NFKD"], value: str) -> str:
    """`value` in a form of Unicode, in a time that grows as its length: of a letter, the first marks are kept."""
    return unicodedata.normalize(form, value if value.isascii() or len(value) <= _SHORT else _few_marks(value))


def _few_marks(value: str) -> str:
    kept, run = [], 0
    for char in value:
        run = run + 1 if _is_mark(char) else 0
        if run <= MARKS_MOST:
            kept.append(char)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _is_mark(char: str) -> bool:
    """Whether normalizing may move the sign among its neighbours."""
    return unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) != 0


def _too_long(length: int, limit: int) -> Unreadable:
    return Unreadable(
        _("Ce texte est trop long : %(length)d caractères pour %(limit)d au plus.") % {"length": length, "limit": limit}
    )


def _checked(value: str, limit: int) -> str:
    value = normalized("NFC", value)
    if _UNREADABLE.search(value):
        raise Unreadable(_("Ce texte contient des caractères de contrôle, qui ne peuvent pas être enregistrés."))
    if len(value) > limit:
        raise _too_long(len(value), limit)
    return value


def _seen(value: str) -> str:
    """`value` without what a copy brings along unseen."""
    return _UNSEEN.sub("", _TERMINAL.sub("", value))


def is_key(value: str) -> bool:
    """Whether a text from outside can be a key or a reference of ours: the database is asked about nothing else."""
    return value.isascii() and value.isalnum() and len(value) <= KEY_MAX


def is_form_key(value: str) -> bool:
    """Whether a text from outside can be the one-time key of a form (R103)."""
    return is_key(value) and len(value) <= FORM_KEY_MAX


def one_line(value: str, limit: int) -> str:
    """`value` as one trimmed line of at most `limit` code points, NFC, without invisible signs and direction marks.

    Line separators become spaces, so that a title can always be the subject of a mail (R51). Raises Unreadable.
    """
    flat = _DIRECTION.sub("", _LINE_SEPARATORS.sub(" ", _seen(measured(value, limit))))
    return _checked(_SPACES.sub(" ", flat).strip(), limit)


def many_lines(value: str, limit: int) -> str:
    """`value`, NFC, with `\\n` as its only line break, no outer blank lines, no invisible signs. Raises Unreadable."""
    seen = _seen(measured(value, limit))
    text = _LINE_SEPARATORS.sub(lambda found: "\n" * len(found.group().replace("\r\n", "\n")), seen)
    return _checked(text.strip("\n").rstrip(), limit)


def fold(value: str) -> str:
    """`value` for comparison: no case, no accents, no composition, no invisible sign (R55)."""
    decomposed = normalized("NFKD", value.casefold().translate(_PLAIN))
    return decomposed if decomposed.isascii() else "".join(char for char in decomposed if not _is_folded_away(char))


def fold_within(value: str, limit: int) -> str:
    """The beginning of `fold(value)`, for a column: one sign may fold to eighteen."""
    return fold(value)[:limit]


def without_unseen(value: str) -> str:
    """`value` without any sign that is not seen, joiners included: for what is compared sign by sign, as an address."""
    return value if value.isascii() else "".join(char for char in value if unicodedata.category(char) != "Cf")


@lru_cache(maxsize=4096)
def _is_folded_away(char: str) -> bool:
    return unicodedata.combining(char) != 0 or unicodedata.category(char) == "Cf"


def clip(value: str, limit: int) -> str:
    """`value` on one line, cut before a character sequence rather than inside it (R55), with an ellipsis when cut."""
    flat = _LINE_SEPARATORS.sub(" ", value)
    if len(flat) <= limit:
        return flat
    end = limit - 1
    while end > 0 and (unicodedata.combining(flat[end]) or flat[end] in "\u200d\ufe0f" or flat[end - 1] == "\u200d"):
        end -= 1
    return flat[:end].rstrip() + "…"
