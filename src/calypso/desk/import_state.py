"""What the page of an import carries from one step to the next: the tables, the one that is read, its columns."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from calypso.base.importing import Columns, Headings, Rows
from calypso.base.table_files import Table, carried_tables, read_tables

SAMPLE_ROWS, SAMPLE_COLUMNS = 6, 30  # of a table, shown to say which column is what


@dataclass(frozen=True, slots=True)
class ImportState:
    """The tables of a file, the place of the one that is read, and what its columns are, None when nobody knows."""

    tables: list[Table]
    sheet: int
    headings: Headings | None

    @property
    def rows(self) -> Rows:
        return self.tables[self.sheet].rows

    def fields(self) -> dict[str, str]:
        """Returns the hidden fields that carry this to the next step."""
        columns = [self.headings.row, dict(self.headings.places)] if self.headings else None
        return {
            "carried": json.dumps(self.tables, ensure_ascii=False),
            "sheet": str(self.sheet),
            "columns": json.dumps(columns),
        }

    def sample(self) -> list[tuple[int, list[str]]]:
        """Returns the first rows with a text, each with its number in the file, as wide as the widest of them."""
        filled = [(number, row[:SAMPLE_COLUMNS]) for number, row in enumerate(self.rows, start=1) if any(row)]
        width = max((len(row) for _number, row in filled[:SAMPLE_ROWS]), default=0)
        return [(number, [*row, *[""] * (width - len(row))]) for number, row in filled[:SAMPLE_ROWS]]

    def first_line(self) -> int:
        """Returns the number of the line that is likely the first to import: after the titles, or with an address."""
        if self.headings:
            return self.headings.row + 2
        sample = self.sample()
        with_address = [number for number, row in sample if any("@" in cell for cell in row)]
        return [*with_address, *[number for number, _row in sample[1:]], 1][0]


def read_state(request: HttpRequest, titles: Columns, find: Callable[[Rows], Headings | None]) -> ImportState:
    """Returns the state that a step posted: a file, another sheet, the columns as somebody says them, or no change.

    `find` returns what the columns of rows are. Raises Invalid (`file`).
    """
    file, act = request.FILES.get("file"), request.POST.get("act", "")
    if file is not None:
        tables = read_tables(file.read())
        understood = [(place, headings) for place, table in enumerate(tables) if (headings := find(table.rows))]
        sheet, headings = understood[0] if understood else (0, None)
        return ImportState(tables, sheet, headings)
    tables = carried_tables(request.POST.get("carried", ""))
    sheet = min(_number(request.POST.get("sheet", "")), len(tables) - 1)
    rows = tables[sheet].rows
    if act == "sheet":
        return ImportState(tables, sheet, find(rows))
    if act == "map":
        return ImportState(tables, sheet, _chosen_headings(request, titles, rows))
    return ImportState(tables, sheet, _carried_headings(request.POST.get("columns", ""), titles) or find(rows))


def _chosen_headings(request: HttpRequest, titles: Columns, rows: Rows) -> Headings:
    """Returns the columns as the page says them: `c0`, `c1`… name columns, `first` is the number of the first line."""
    width = min(max(map(len, rows), default=0), SAMPLE_COLUMNS)
    names = {place: request.POST.get(f"c{place}", "") for place in range(width)}
    places = {name: place for place, name in reversed(names.items()) if name in titles}
    return Headings(min(max(_number(request.POST.get("first", "")), 1), len(rows)) - 2, places)


def _carried_headings(text: str, titles: Columns) -> Headings | None:
    try:
        row, places = json.loads(text[:2000])
        return Headings(_place(row, -1), {name: _place(places[name], 0) for name in titles if name in places})
    except (ValueError, TypeError, RecursionError):
        return None


def _place(value: Any, least: int) -> int:
    if not isinstance(value, int) or not least <= value < 100_000:
        raise ValueError("not a place")
    return value


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
