"""Makes user input safe to store and to compare. All input goes through these functions (R51, R53–R57).

The length of a text is checked before any other work, and no work grows faster than the length: `normalized` is the
only function that normalizes whole texts, because Unicode normalization is quadratic in a run of combining marks.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from calypso.base.i18n import gettext as _

# Limits in code points, defined only here (R57). Model fields, forms and the pages' counters read them from here.
TITLE_MAX = 200
NAME_MAX = 100
NAME_FOLDED_MAX = NAME_MAX * 2
EMAIL_MAX = 254
URL_MAX = 2000
CONTEXT_MAX = 1000
BODY_MAX = 20_000
QUERY_MAX = 200
PHONE_MAX = 40
QUESTION_MAX = 1000  # the filters of a queue, as a URL carries them
KEY_MAX = 40
FORM_KEY_MAX = 32  # leaves room in a key of KEY_MAX for a ticket reference, which bulk actions append

SLACK = 4  # times the limit that an uncleaned text may measure: a composed letter may be typed as three signs
MARKS_MOST = 30  # most combining marks kept on one letter: no script uses more (UAX 15, stream-safe text)
_SHORT = 64  # code points up to which the cost of a run of marks is negligible

_LINE_SEPARATORS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SPACES = re.compile(r"[ \t\u00a0]+")
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")  # ANSI colours, window titles
# Invisible characters that a copied text brings along: control characters, soft hyphens, zero-width spaces, byte order
# marks. The joiners of emoji and of Persian are kept: they change what is read.
_UNSEEN = re.compile(r"[\x01-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060-\u2064\ufeff]")
_DIRECTION = re.compile(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_UNREADABLE = re.compile(r"[\x00\ud800-\udfff]")
# Letters that Unicode does not decompose but that a search must match by their plain letters.
_PLAIN = str.maketrans(
    {"œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "þ": "th"}
)


class Unreadable(ValueError):
    """The text exceeds its limit, or holds what no database can store: NUL, half a surrogate pair."""


def measured(value: str, limit: int) -> str:
    """Returns `value` if, once cleaned, it may fit in `limit` code points. Raises Unreadable before any other work."""
    if len(value) > limit * SLACK:
        raise _too_long(len(value), limit)
    return value


def normalized(form: Literal["NFC", "NFKC", "NFKD"], value: str) -> str:
    """Returns `value` in a Unicode normalization form, in linear time: excess marks on a letter are dropped."""
    return unicodedata.normalize(form, value if value.isascii() or len(value) <= _SHORT else _limit_marks(value))


def _limit_marks(value: str) -> str:
    chars, run = [], 0
    for char in value:
        run = run + 1 if _is_mark(char) else 0
        if run <= MARKS_MOST:
            chars.append(char)
    return "".join(chars)


@lru_cache(maxsize=4096)
def _is_mark(char: str) -> bool:
    """Returns whether normalization may move the character among its neighbours."""
    return unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) != 0


def _too_long(length: int, limit: int) -> Unreadable:
    return Unreadable(
        _("Ce texte est trop long : %(length)d caractères pour %(limit)d au plus.") % {"length": length, "limit": limit}
    )


def _validate(value: str, limit: int) -> str:
    value = normalized("NFC", value)
    if _UNREADABLE.search(value):
        raise Unreadable(_("Ce texte contient des caractères de contrôle, qui ne peuvent pas être enregistrés."))
    if len(value) > limit:
        raise _too_long(len(value), limit)
    return value


def _visible(value: str) -> str:
    """Returns `value` without the invisible characters that a copied text brings along."""
    return _UNSEEN.sub("", _TERMINAL.sub("", value))


def is_key(value: str) -> bool:
    """Returns whether an untrusted text may be a key or a reference: no other text is looked up in the database."""
    return value.isascii() and value.isalnum() and len(value) <= KEY_MAX


def is_form_key(value: str) -> bool:
    """Returns whether an untrusted text may be the one-time key of a form (R103)."""
    return is_key(value) and len(value) <= FORM_KEY_MAX


def one_line(value: str, limit: int) -> str:
    """Returns `value` as one trimmed line of at most `limit` code points, NFC, without invisible and direction marks.

    Line separators become spaces, so that a title can always be the subject of a mail (R51). Raises Unreadable.
    """
    flat = _DIRECTION.sub("", _LINE_SEPARATORS.sub(" ", _visible(measured(value, limit))))
    return _validate(_SPACES.sub(" ", flat).strip(), limit)


def unmarked_line(value: str) -> str:
    """Returns `value` as one trimmed line, without invisible and direction marks nor what no database can store.

    For what is read from a file, which is checked where it is used.
    """
    flat = _DIRECTION.sub("", _LINE_SEPARATORS.sub(" ", _visible(value)))
    return _SPACES.sub(" ", _UNREADABLE.sub("\ufffd", flat)).strip()


def many_lines(value: str, limit: int) -> str:
    """Returns `value` cleaned, NFC, at most `limit` code points. Raises Unreadable.

    `\\n` is its only line break; outer blank lines and invisible characters are removed.
    """
    visible = _visible(measured(value, limit))
    text = _LINE_SEPARATORS.sub(lambda match: "\n" * len(match.group().replace("\r\n", "\n")), visible)
    return _validate(text.strip("\n").rstrip(), limit)


def fold(value: str) -> str:
    """Returns `value` for comparison: no case, no accents, no composition, no invisible characters (R55)."""
    decomposed = normalized("NFKD", value.casefold().translate(_PLAIN))
    return decomposed if decomposed.isascii() else "".join(char for char in decomposed if not _is_folded_away(char))


def fold_within(value: str, limit: int) -> str:
    """Returns the beginning of `fold(value)`, to fit a column: one character may fold to eighteen."""
    return fold(value)[:limit]


def without_unseen(value: str) -> str:
    """Returns `value` without any invisible character, joiners included: for exact comparison, as of addresses."""
    return value if value.isascii() else "".join(char for char in value if unicodedata.category(char) != "Cf")


@lru_cache(maxsize=4096)
def _is_folded_away(char: str) -> bool:
    return unicodedata.combining(char) != 0 or unicodedata.category(char) == "Cf"


def clip(value: str, limit: int) -> str:
    """Returns `value` on one line, cut between character sequences, never inside one (R55); an ellipsis marks a cut."""
    flat = _LINE_SEPARATORS.sub(" ", value)
    if len(flat) <= limit:
        return flat
    end = limit - 1
    while end > 0 and (unicodedata.combining(flat[end]) or flat[end] in "\u200d\ufe0f" or flat[end - 1] == "\u200d"):
        end -= 1
    return flat[:end].rstrip() + "…"
