"""Sorting by the keys of a fixed table: text from a URL is never used as a column name (R17)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Expression, F
from django.db.models.expressions import OrderBy

from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Sort:
    """A requested sort: its public key and its direction."""

    key: str
    descending: bool

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key


def parse_sort(name: str, columns: Mapping[str, object], default: str) -> Sort:
    """Returns the sort named by `name` (`key` or `-key`), the default if empty. Raises Invalid for an unknown key."""
    text = name or default
    key = text.removeprefix("-")
    if key not in columns:
        raise Invalid({"sort": [_("Ce tri n'existe pas.")]})
    return Sort(key, text.startswith("-"))


type Columns = Mapping[str, tuple[str | F | Expression, ...]]


def order_by(sort: Sort, columns: Columns, last: str = "-id") -> list[OrderBy | str]:
    """Returns the ordering: the columns of the key, reversed when descending, then `last` for a total order (R107).

    Nullable columns sort their nulls last, on both engines, whose defaults differ: this covers columns reached through
    a relation, and columns of the row itself that are given as an `F`.
    """
    return [*(_column_order(column, reverse=sort.descending) for column in columns[sort.key]), last]


def _column_order(column: str | F | Expression, *, reverse: bool) -> OrderBy | str:
    if isinstance(column, Expression):
        return column.desc() if reverse else column.asc()
    if isinstance(column, F):
        return column.desc(nulls_last=True) if reverse else column.asc(nulls_last=True)
    name, descending = column.removeprefix("-"), column.startswith("-") != reverse
    if "__" in name:
        return F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)
    return f"-{name}" if descending else name
