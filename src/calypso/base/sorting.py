"""Sorting by keys of a fixed table: what a person may write in an address is never a column's name (R17)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Expression, F
from django.db.models.expressions import OrderBy

from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort asked for: the public key and the direction."""

    key: str
    descending: bool

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key


def parse_sort(asked: str, known: Mapping[str, object], default: str) -> Sort:
    """The sort named by `asked` (`key` or `-key`), the default when empty. Raises Invalid for an unknown key."""
    text = asked or default
    key = text.removeprefix("-")
    if key not in known:
        raise Invalid({"sort": [_("Ce tri n'existe pas.")]})
    return Sort(key, text.startswith("-"))


type Columns = Mapping[str, tuple[str | F | Expression, ...]]


def order_by(sort: Sort, columns: Columns, last: str = "-id") -> list[OrderBy | str]:
    """What to order by: the columns of the key, turned round when descending, then `last`: the order is total (R107).

    What may be null comes last then, on both engines, whose own habits differ: a column reached through a relation, and
    one of the row that is named by an `F`.
    """
    return [*(_ordered(column, turned=sort.descending) for column in columns[sort.key]), last]


def _ordered(column: str | F | Expression, *, turned: bool) -> OrderBy | str:
    if isinstance(column, Expression):
        return column.desc() if turned else column.asc()
    if isinstance(column, F):
        return column.desc(nulls_last=True) if turned else column.asc(nulls_last=True)
    name, descending = column.removeprefix("-"), column.startswith("-") != turned
    if "__" in name:
        return F(name).desc(nulls_last=True) if descending else F(name).asc(nulls_last=True)
    return f"-{name}" if descending else name
