"""Interface texts: written in French in the source, translated by the catalogue, set in French typography.

French requires a narrow no-break space before `? ! ; :` and inside « », and a curved apostrophe. Sources keep plain
spaces and apostrophes, which are easier to read and to search; typography is applied here only, for pages, mails and
messages.
"""

import re
from functools import lru_cache

from django.utils import translation
from django.utils.functional import lazy

SOURCE = "fr"  # the source language: never looked up, so that no other catalogue can answer instead
NARROW = "\u202f"
_BEFORE = re.compile(r" (?=[?!;:»])")
_AFTER = re.compile(r"« ")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def typeset(text: str) -> str:
    """Returns `text`, in French, with narrow no-break spaces and curved apostrophes."""
    return _APOSTROPHE.sub("’", _AFTER.sub("«" + NARROW, _BEFORE.sub(NARROW, text)))


@lru_cache(maxsize=4096)
def _message(language: str, message: str) -> str:
    return typeset(message) if language == SOURCE else translation.gettext(message)


def gettext(message: str) -> str:
    """Returns `message`, French in the source, in the active language. The empty message stays empty."""
    return _message(translation.get_language() or SOURCE, str(message)) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """Returns the singular or plural message for `number`, in the active language. French treats 0 as singular."""
    if (translation.get_language() or SOURCE) == SOURCE:
        return typeset(singular if abs(number) < 2 else plural)
    return translation.ngettext(singular, plural, number)


_lazy = lazy(gettext, str)


def gettext_lazy(message: str) -> str:
    """Returns `message` as a lazy string, translated when it is displayed rather than now."""
    return _lazy(message)


_VOWELS = re.compile(r"(?i)[aeiouàâäéèêëîïôöùûüœæ]|y[^aeiou]")


def of(name: str) -> str:
    """Returns « de Léni », « d'Atelier » in French; elsewhere the name alone, the message holding the preposition."""
    if (translation.get_language() or SOURCE) != SOURCE:
        return name
    return f"d’{name}" if _VOWELS.match(name) else f"de {name}"
