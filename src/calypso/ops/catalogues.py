"""The message catalogues: French is the source, English the translation.

They are compiled by Babel, so that an installation needs no gettext; `tests/architecture/test_words.py` names the
messages that have no English.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCES = Path(__file__).resolve().parent.parent
LOCALES = SOURCES / "locale"
ENGLISH = LOCALES / "en" / "LC_MESSAGES" / "django.po"
_METHODS = [("**/jinja2/**.html", "jinja2"), ("**/jinja2/**.txt", "jinja2"), ("**.py", "python")]
_KEYWORDS = {"_": None, "tr": None, "gettext_noop": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}


def compile_catalogues() -> int:
    """Writes the `.mo` file beside each `.po` file; returns how many."""
    sources = sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))
    for source in sources:
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(text, locale=source.parts[-3]))
    return len(sources)


def extracted() -> Iterator[str | tuple[str, str]]:
    """Yields every message of the sources once: a text, or a singular and a plural."""
    messages: set[str | tuple[str, str]] = set()
    for extraction in extract_from_dir(SOURCES, _METHODS, keywords=_KEYWORDS):
        message = extraction[2] if isinstance(extraction[2], str) else (str(extraction[2][0]), str(extraction[2][1]))
        if message and message not in messages:
            messages.add(message)
            yield message


def english() -> Catalog:
    """Returns the English catalogue as committed."""
    with ENGLISH.open("rb") as text:
        return read_po(text, locale="en")


if __name__ == "__main__":
    compile_catalogues()
