"""Reads delimited text, as spreadsheets and address books save it: any encoding, separator and line end."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Western code pages, the likeliest first: Windows, DOS, old Macs. Accented letters tell them apart.
_CODE_PAGES = ("cp1252", "cp850", "mac_roman")
_FRENCH, _WESTERN = "éèêàçôîïëûùâ", "äöüßáíóúñãõåøæœÿ"
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a]")  # a text has none, or a stray one
_SAMPLE = 20_000  # bytes that tell the encoding, characters that tell the separator
_SEPARATORS = ";,\t|"
_DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)  # the first line that Excel writes to say its separator
_SPAN = 50  # lines that one quoted cell may hold: beyond, its quote was never closed


def read_delimited(content: bytes) -> list[list[str]]:
    """Returns the rows of a delimited text, blank ones kept in place. Raises ValueError when it is not a text.

    A quote that nothing closes spoils its own line only.
    """
    text = decoded(content)
    if len(_CONTROLS.findall(text[:_SAMPLE])) * 100 > len(text[:_SAMPLE]):
        raise ValueError("not a text")
    lines = StringIO(text, newline="").readlines()
    declared = _DECLARED.fullmatch(lines[0]) if lines else None
    if declared:
        lines[0] = "\n"
    try:
        return list(_rows(lines, declared[1] if declared else _separator(text)))
    except csv.Error as problem:  # a cell longer than the library reads
        raise ValueError("not a table") from problem


def decoded(content: bytes) -> str:
    """Returns the text of bytes in whatever encoding its letters say."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    sample = content[:_SAMPLE]
    for encoding, high, low in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        if high.count(0) * 3 > len(high) and not low.count(0):  # Western letters take one byte of the two
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode(max(_CODE_PAGES, key=lambda page: _likeliness(sample, page)), "replace")


def _likeliness(sample: bytes, code_page: str) -> int:
    """How much the sample reads as Western words in this code page."""
    letters = [letter for letter in sample.decode(code_page, "replace") if not letter.isascii()]
    return sum(
        3 if letter in _FRENCH else 2 if letter in _WESTERN else 1 if letter.lower() in _FRENCH + _WESTERN else -2
        for letter in letters
    )


def _separator(text: str) -> str:
    """The separator that cuts most of the first lines into the same number of cells."""

    def regularity(separator: str) -> int:
        widths = [len(row) for row in csv.reader(StringIO(text[:_SAMPLE], newline=""), delimiter=separator) if row]
        return max((widths.count(width) for width in set(widths) if width > 1), default=0)

    return max(_SEPARATORS, key=regularity)


def _rows(lines: list[str], separator: str) -> Iterator[list[str]]:
    place = 0
    while place < len(lines):
        span = lines[place : place + _SPAN]
        reader = csv.reader(iter(span), delimiter=separator)
        row, read = next(reader), reader.line_num
        if read > 1 and "".join(span[:read]).count('"') % 2:
            row, read = next(csv.reader(span[:1], delimiter=separator, quoting=csv.QUOTE_NONE)), 1
        yield row
        yield from ([] for _ in range(read - 1))  # lines keep their numbers
        place += read
