"""What all table imports share: finding columns by their titles, and the outcome of each line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from calypso.base.errors import Invalid
from calypso.base.table_files import HEADING_ROWS, MOST_ROWS, too_many_lines
from calypso.base.text import fold

type Rows = Sequence[Sequence[str]]
type Needed = Sequence[Sequence[str]]  # sets of columns, any of which is enough
type Columns = Mapping[str, Sequence[str]]  # accepted titles of each column, as `heading` returns them

_NOT_WORDS = re.compile(r"[^\w]+|_+")


class Fate(StrEnum):
    """The outcome of importing a line."""

    ADDED = "added"
    JOINS = "joins"  # known elsewhere, added here too
    KNOWN = "known"  # nothing to do
    WRONG = "wrong"


READY = (Fate.ADDED, Fate.JOINS)


@dataclass(frozen=True, slots=True)
class Line[What]:
    """A line of the table: its number in the file, its content, the outcome of importing it, and its errors."""

    number: int
    what: What
    fate: Fate
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Headings:
    """What the columns of a table are: the index of the row of titles, -1 without one, and the place of each column."""

    row: int
    places: Mapping[str, int]


def heading(title: str) -> str:
    """Returns the title of a column as titles are compared: words alone, without case, accents or signs."""
    return _NOT_WORDS.sub(" ", fold(title)).strip()


def title_rows(rows: Rows) -> list[int]:
    """Returns the indexes of the rows among which titles are looked for: the first twenty with a text."""
    return [number for number, row in enumerate(rows) if any(row)][:HEADING_ROWS]


def find_headings(rows: Rows, columns: Columns, required: Needed) -> Headings | None:
    """Returns the first row that names enough columns, among `title_rows`; None without one."""
    for number in title_rows(rows):
        titles = [heading(cell) for cell in rows[number]]
        places = {name: titles.index(title) for name, words in columns.items() if (title := _first(words, titles))}
        if has_enough(places, required):
            return Headings(number, places)
    return None


def has_enough(places: Mapping[str, int], required: Needed) -> bool:
    """Returns whether these columns are all of one of the required sets."""
    return any(places.keys() >= set(names) for names in required)


def cells(
    rows: Rows, headings: Headings | None, columns: Columns, required: Needed, refusal: str, empty: str
) -> list[tuple[int, dict[str, str]]]:
    """Returns each line as its number in the file and its cells by column; a missing cell is empty.

    Without `headings`, a row of the table names its columns. Raises Invalid (`file`): with `refusal` when a required
    column is missing, with `empty` when no line follows the titles, and beyond the most lines of an import.
    """
    headings = headings or find_headings(rows, columns, required)
    if headings is None or not has_enough(headings.places, required):
        raise Invalid({"file": [refusal]})
    lines = [
        (number, _cells_of(row, headings.places, columns))
        for number, row in enumerate(rows[headings.row + 1 :], start=headings.row + 2)
        if any(row)
    ]
    if not lines:
        raise Invalid({"file": [empty]})
    if len(lines) > MOST_ROWS:
        raise too_many_lines()
    return lines


def _first(words: Sequence[str], titles: Sequence[str]) -> str:
    return next((title for title in words if title in titles), "")


def _cells_of(row: Sequence[str], places: Mapping[str, int], columns: Columns) -> dict[str, str]:
    return {name: row[place] if 0 <= (place := places.get(name, -1)) < len(row) else "" for name in columns}
