"""What all table imports share: finding columns by their titles, and the outcome of each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from calypso.base.errors import Invalid
from calypso.base.text import fold

type Rows = Sequence[Sequence[str]]
type Columns = Mapping[str, Sequence[str]]  # accepted titles of each column, folded: the preferred one first


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


def cells(
    rows: Rows, columns: Columns, required: Sequence[str], refusal: str, empty: str
) -> list[tuple[int, dict[str, str]]]:
    """Returns each line as its number in the file and its trimmed cells by column; a missing cell is empty.

    Raises Invalid (`file`): with `refusal` when a needed column is missing, with `empty` when no line follows the
    titles.
    """
    numbered_rows = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    heads = [fold(head) for head in numbered_rows[0][1]] if numbered_rows else []
    places = {name: heads.index(title) for name, titles in columns.items() if (title := _first_present(titles, heads))}
    if set(required) - set(places):
        raise Invalid({"file": [refusal]})
    lines = [(number, _cells_of(row, places, columns)) for number, row in numbered_rows[1:]]
    if not lines:
        raise Invalid({"file": [empty]})
    return lines


def _first_present(titles: Sequence[str], heads: Sequence[str]) -> str:
    return next((word for word in titles if word in heads), "")


def _cells_of(row: Sequence[str], places: Mapping[str, int], columns: Columns) -> dict[str, str]:
    return {name: row[place].strip() if 0 <= (place := places.get(name, -1)) < len(row) else "" for name in columns}
