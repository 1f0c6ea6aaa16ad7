"""A page of a list: numbered, never out of range (R58)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model, QuerySet

MOST = 10_000  # rows of a list: beyond, nobody turns pages, and counting them would cost more than showing them


@dataclass(frozen=True, slots=True)
class Page[Row]:
    """Some rows of a longer list. `number` counts from 1; `first` and `last` are the positions shown, from 1.

    `more` says that the list goes on beyond `total`, where it stops.
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


def counted[Row: Model](rows: QuerySet[Row]) -> int:
    """How many rows there are; one more than a list holds when there are more."""
    return rows[: MOST + 1].count()


def first_page[Row](rows: Sequence[Row], found: int, size: int) -> Page[Row]:
    """The first page of a list, whose rows the caller fetched by its own means; `found` as `counted` says."""
    total = min(found, MOST)
    return Page(rows, 1, max(1, -(-total // size)), total, size, found > MOST)


class Keyed(Protocol):
    """A row that knows its key."""

    @property
    def pk(self) -> Any: ...


def page_of_keys[Row: Keyed](
    rows: Callable[[Sequence[int]], Iterable[Row]], keys: Sequence[int], number: int, size: int, *, more: bool = False
) -> Page[Row]:
    """Page `number` of the rows with these keys, in their order, `size` each; `rows` fetches those asked."""
    pages = max(1, -(-len(keys) // size))
    number = min(max(number, 1), pages)
    asked = keys[(number - 1) * size : number * size]
    found = {row.pk: row for row in rows(asked)} if asked else {}
    return Page([found[key] for key in asked if key in found], number, pages, len(keys), size, more)


def page_of[Row: Model](rows: QuerySet[Row], number: int, size: int, known: int | None = None) -> Page[Row]:
    """Page `number` of `rows`, `size` rows each; a number out of range gives the nearest page.

    The list ends after ten thousand rows. They are counted in its order, so that the index that sorts also counts;
    `known` is how many there are, where the caller counted them already.
    """
    found = counted(rows) if known is None else known
    total = min(found, MOST)
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    return Page(list(rows[(number - 1) * size : number * size]), number, pages, total, size, found > MOST)


def rows_after[M: Model, Row](rows: QuerySet[M, Row], last: int, missing: Collection[int], most: int) -> list[Row]:
    """The rows whose numbers come after `last`, at most `most` in their order, and those of `missing` that are there.

    Two questions: of one with an « or », a plan that PostgreSQL keeps reads the table from its beginning.
    """
    found = list(rows.filter(pk__in=missing)) if missing else []
    return found + list(rows.filter(pk__gt=last).order_by("pk")[:most])
