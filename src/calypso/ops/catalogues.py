"""Compiles the message catalogues, so that an installation needs no gettext."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parent.parent / "locale"


def compile_catalogues() -> int:
    """Writes the `.mo` beside each `.po`; returns how many."""
    sources = sorted(LOCALES.glob("*/LC_MESSAGES/*.po"))
    for source in sources:
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(text, locale=source.parts[-3]))
    return len(sources)


if __name__ == "__main__":
    compile_catalogues()
