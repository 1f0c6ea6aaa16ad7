"""What a person typed, made safe to store and to compare. Every entrance uses these functions (R51, R53–R57)."""

import re
import unicodedata

from calypso.base.i18n import gettext as _

# Limits in code points, written once (R57). Fields of models, forms and the pages' counters read them here.
TITLE_MAX = 200
NAME_MAX = 100
EMAIL_MAX = 254
URL_MAX = 2000
CONTEXT_MAX = 1000
BODY_MAX = 20_000
QUERY_MAX = 200
QUESTION_MAX = 1000  # the filters of a queue, as an address carries them
KEY_MAX = 40
FORM_KEY_MAX = 32  # what an act beside the form adds to its key still fits in a key

_LINE_SEPARATORS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SPACES = re.compile(r"[ \t\u00a0]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTION = re.compile(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


class Unreadable(ValueError):
    """The text holds something no person types: NUL, a control character, half a surrogate pair."""


def _checked(value: str, limit: int) -> str:
    value = unicodedata.normalize("NFC", value)
    if any("\ud800" <= char <= "\udfff" for char in value) or _CONTROLS.search(value):
        raise Unreadable(_("Ce texte contient des caractères de contrôle, qui ne peuvent pas être enregistrés."))
    if len(value) > limit:
        raise Unreadable(
            _("Ce texte est trop long : %(length)d caractères pour %(limit)d au plus.")
            % {"length": len(value), "limit": limit}
        )
    return value


def is_key(value: str) -> bool:
    """Whether a text from outside can be a key or a reference of ours: the database is asked about nothing else."""
    return value.isascii() and value.isalnum() and len(value) <= KEY_MAX


def is_form_key(value: str) -> bool:
    """Whether a text from outside can be the one-time key of a form (R103)."""
    return is_key(value) and len(value) <= FORM_KEY_MAX


def one_line(value: str, limit: int) -> str:
    """`value` as one trimmed line of at most `limit` code points, NFC, without direction marks.

    Line separators become spaces, so that a title can always be the subject of a mail (R51). Raises Unreadable.
    """
    flat = _DIRECTION.sub("", _LINE_SEPARATORS.sub(" ", value))
    return _checked(_SPACES.sub(" ", flat).strip(), limit)


def many_lines(value: str, limit: int) -> str:
    """`value` with `\\n` as its only line break, outer blank lines removed, NFC. Raises Unreadable."""
    text = _LINE_SEPARATORS.sub(lambda found: "\n" * len(found.group().replace("\r\n", "\n")), value)
    return _checked(text.strip("\n").rstrip(), limit)


def fold(value: str) -> str:
    """`value` for comparison: no case, no accents, no composition (R55)."""
    decomposed = unicodedata.normalize("NFKD", value.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def clip(value: str, limit: int) -> str:
    """`value` on one line, cut before a character sequence rather than inside it (R55), with an ellipsis when cut."""
    flat = _LINE_SEPARATORS.sub(" ", value)
    if len(flat) <= limit:
        return flat
    end = limit - 1
    while end > 0 and (unicodedata.combining(flat[end]) or flat[end] in "\u200d\ufe0f" or flat[end - 1] == "\u200d"):
        end -= 1
    return flat[:end].rstrip() + "…"
