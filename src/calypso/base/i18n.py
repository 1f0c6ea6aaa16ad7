"""The interface's words: written in French in the source, translated by the catalogue, set by French typography.

French asks for a narrow no-break space before `? ! ; :` and inside « ». Sources keep plain spaces, which are easier to
read and to search; the space is set here, once, for pages, mails and messages alike.
"""

import re
from functools import lru_cache
from typing import cast

from django.utils import translation
from django.utils.functional import lazy

NARROW = "\u202f"
_BEFORE = re.compile(r" (?=[?!;:»])")
_AFTER = re.compile(r"« ")


def typeset(text: str) -> str:
    """`text`, French, with its narrow no-break spaces."""
    return _AFTER.sub("«" + NARROW, _BEFORE.sub(NARROW, text))


@lru_cache(maxsize=4096)
def _message(language: str, message: str) -> str:
    text = translation.gettext(message)
    return typeset(text) if language == "fr" else text


def gettext(message: str) -> str:
    """`message`, French in the source, in the language of the moment. The empty message stays empty."""
    return _message(translation.get_language() or "fr", str(message)) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form of the message that `number` asks for, in the language of the moment."""
    language = translation.get_language() or "fr"
    text = translation.ngettext(singular, plural, number)
    return typeset(text) if language == "fr" else text


_lazy = lazy(gettext, str)


def gettext_lazy(message: str) -> str:
    """`message`, translated when it is shown rather than now."""
    return cast(str, _lazy(message))

