"""The interface's words: written in French in the source, translated by the catalogue, set by French typography.

French asks for a narrow no-break space before `? ! ; :` and inside « », and for a curved apostrophe. Sources keep plain
spaces and apostrophes, which are easier to read and to search; they are set here, once, for pages, mails and messages.
"""

import re
from functools import lru_cache

from django.utils import translation
from django.utils.functional import lazy

SOURCE = "fr"  # the language of the source: it is never looked up, so no other catalogue can answer in its place
NARROW = "\u202f"
_BEFORE = re.compile(r" (?=[?!;:»])")
_AFTER = re.compile(r"« ")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def typeset(text: str) -> str:
    """`text`, French, with its narrow no-break spaces and curved apostrophes."""
    return _APOSTROPHE.sub("’", _AFTER.sub("«" + NARROW, _BEFORE.sub(NARROW, text)))


@lru_cache(maxsize=4096)
def _message(language: str, message: str) -> str:
    return typeset(message) if language == SOURCE else translation.gettext(message)


def gettext(message: str) -> str:
    """`message`, French in the source, in the language of the moment. The empty message stays empty."""
    return _message(translation.get_language() or SOURCE, str(message)) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form of the message that `number` asks for, in the language of the moment. French counts 0 as singular."""
    if (translation.get_language() or SOURCE) == SOURCE:
        return typeset(singular if abs(number) < 2 else plural)
    return translation.ngettext(singular, plural, number)


_lazy = lazy(gettext, str)


def gettext_lazy(message: str) -> str:
    """`message`, translated when it is shown rather than now."""
    return _lazy(message)
