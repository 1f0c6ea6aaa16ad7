"""Pages of a list: numbered, never out of range (R58)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model, QuerySet

MOST = 10_000  # most rows of a list: nobody pages further, and counting more would cost more than showing them


@dataclass(frozen=True, slots=True)
class Page[Row]:
    """A page of a longer list. `number` counts from 1; `first` and `last` are the positions shown, from 1.

    `more` is true when the list continues beyond `total`, where it is cut.
    """

    rows: Sequence[Row]
    number: int
    pages: int
    total: int
    size: int
    more: bool = False

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)


def counted[M: Model, Row](rows: QuerySet[M, Row]) -> int:
    """Returns the number of rows, or `MOST` + 1 when there are more than a list holds."""
    return rows[: MOST + 1].count()


def first_page[Row](rows: Sequence[Row], count: int, size: int) -> Page[Row]:
    """Returns the first page of a list whose rows the caller fetched; `count` is a number as `counted` returns it."""
    total = min(count, MOST)
    return Page(rows, 1, max(1, -(-total // size)), total, size, count > MOST)


def page_of_list[Row](rows: Sequence[Row], number: int, size: int) -> Page[Row]:
    """Returns page `number` of rows that are all there already, `size` per page."""
    pages = max(1, -(-len(rows) // size))
    number = min(max(number, 1), pages)
    return Page(rows[(number - 1) * size : number * size], number, pages, len(rows), size)


class Keyed(Protocol):
    """A row that has a primary key."""

    @property
    def pk(self) -> Any: ...


def page_of_keys[Row: Keyed](
    rows: Callable[[Sequence[int]], Iterable[Row]], keys: Sequence[int], number: int, size: int, *, more: bool = False
) -> Page[Row]:
    """Returns page `number` of the rows with these primary keys, in their order, `size` per page.

    `rows` fetches the rows of the primary keys it is given.
    """
    pages = max(1, -(-len(keys) // size))
    number = min(max(number, 1), pages)
    page_keys = keys[(number - 1) * size : number * size]
    rows_by_key = {row.pk: row for row in rows(page_keys)} if page_keys else {}
    return Page([rows_by_key[key] for key in page_keys if key in rows_by_key], number, pages, len(keys), size, more)


def page_of[M: Model, Row](rows: QuerySet[M, Row], number: int, size: int, known_count: int | None = None) -> Page[Row]:
    """Returns page `number` of `rows`, `size` rows per page; a number out of range gives the nearest page.

    The list ends after ten thousand rows (`MOST`). They are counted in the list's order, so that the index that sorts
    them also counts them; `known_count` is the number of rows, if the caller already counted them.
    """
    count = counted(rows) if known_count is None else known_count
    total = min(count, MOST)
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    return Page(list(rows[(number - 1) * size : number * size]), number, pages, total, size, count > MOST)


def rows_after[M: Model, Row](rows: QuerySet[M, Row], last: int, missing: Collection[int], most: int) -> list[Row]:
    """Returns the rows of `missing` that exist, then those with a primary key above `last`, at most `most`, in order.

    Uses two queries: for a single query with OR, the plan that PostgreSQL caches reads the table from its beginning.
    """
    missing_rows = list(rows.filter(pk__in=missing)) if missing else []
    return missing_rows + list(rows.filter(pk__gt=last).order_by("pk")[:most])
