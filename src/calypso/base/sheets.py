"""The sheets of tables to export."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

type Cell = str | int | float | date | datetime | None


class Sheet(NamedTuple):
    """One sheet of a workbook to export."""

    title: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]
