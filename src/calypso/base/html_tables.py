"""Reads the tables of an HTML page: what older software saves as `.xls`, and what a page's « Enregistrer » gives."""

import re
from html.parser import HTMLParser

BEGINNING = re.compile(
    rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype\s+html|html|table|meta|style)\b", re.IGNORECASE | re.DOTALL
)
MOST_CELLS = 200_000


def read_html(text: str) -> list[list[list[str]]]:
    """Returns the rows of each outermost table, cells as texts; a cell that spans columns is followed by empty ones."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return [table for table in reader.tables if table]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._span = 1
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif self._depth != 1:
            return
        elif tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._end_cell()
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), 50) if span.isascii() and span.isdigit() and len(span) < 4 else 1
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            if self._depth == 1:
                self._end_cell()
            self._depth -= 1
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and self._depth == 1:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None or self._cells >= MOST_CELLS:
            return
        if not self.tables[-1]:
            self.tables[-1].append([])
        row = self.tables[-1][-1]
        row.append(" ".join("".join(self._cell).split()))
        row.extend([""] * (self._span - 1))
        self._cells += self._span
        self._cell = None
