"""A page of a list: numbered, never out of range (R58)."""

from collections.abc import Sequence
from dataclasses import dataclass

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


def page_of_keys[Row: Model](
    rows: QuerySet[Row], keys: Sequence[int], number: int, size: int, *, more: bool = False
) -> Page[Row]:
    """Page `number` of the rows with these keys, in the order of the keys, `size` rows each. One query."""
    pages = max(1, -(-len(keys) // size))
    number = min(max(number, 1), pages)
    asked = keys[(number - 1) * size : number * size]
    found = {row.pk: row for row in rows.filter(pk__in=asked)} if asked else {}
    return Page([found[key] for key in asked if key in found], number, pages, len(keys), size, more)


def page_of[Row: Model](rows: QuerySet[Row], number: int, size: int, known: int | None = None) -> Page[Row]:
    """Page `number` of `rows`, `size` rows each; a number out of range gives the nearest page.

    The list ends after ten thousand rows. They are counted in its order, so that the index that sorts also counts;
    `known` is how many there are, where the caller counted them already.
    """
    counted = rows[: MOST + 1].count() if known is None else known
    total = min(counted, MOST)
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    return Page(list(rows[(number - 1) * size : number * size]), number, pages, total, size, counted > MOST)
