"""Rows that every act writes, inserted with a statement made once a table (ADR 0013).

Django makes the text of an insertion again each time, which took twice as long as running it.
"""

from collections.abc import Sequence
from itertools import batched
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import AutoField, Field, Model
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

MOST = 200  # rows of one statement: an engine takes so many parameters and no more


class _Statement(NamedTuple):
    """`head`, one `place` a row, `tail`: an insertion of any number of rows; `fields` are its columns, in order."""

    head: str
    place: str
    tail: str
    fields: "Sequence[Field[Any, Any]]"


_held: dict[object, _Statement] = {}


def insert(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Inserts new rows of one table, with values and no expressions. Raises IntegrityError as the engine does.

    More than `MOST` of them need a transaction around. The rows get the numbers that the engine gave them. With
    `ignore_conflicts` a row that is there already is left as it is, and none gets its number. Neither `save` of the
    model nor signals: what they would see to is the caller's.
    """
    for some in batched(rows, MOST, strict=False):
        head, place, tail, fields = _statement(type(some[0]), ignore_conflicts=ignore_conflicts)
        values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in some for field in fields]
        with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
            cursor.execute(head + ", ".join([place] * len(some)) + tail, values)
            numbers = cursor.fetchall() if cursor.description else []
        for row, (number,) in zip(some, numbers, strict=False):
            row.pk = number
        for row in some:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _statement(table: type[Model], *, ignore_conflicts: bool) -> _Statement:
    key = (connection.vendor, table, ignore_conflicts)
    if key not in _held:
        _held[key] = _compiled(table, ignore_conflicts=ignore_conflicts)
    return _held[key]


def _compiled(table: type[Model], *, ignore_conflicts: bool) -> _Statement:
    """The statement as Django writes it for one row, taken apart."""
    fields = [field for field in table._meta.concrete_fields if not isinstance(field, AutoField)]
    query = InsertQuery(table, on_conflict=OnConflict.IGNORE if ignore_conflicts else None)
    query.insert_values(fields, [table()])
    compiler: Any = query.get_compiler(DEFAULT_DB_ALIAS)
    compiler.returning_fields = [] if ignore_conflicts else table._meta.db_returning_fields
    ((sql, _params),) = compiler.as_sql()
    place = f"({', '.join(['%s'] * len(fields))})"
    head, found, tail = sql.partition(place)
    assert found, f"{table} has a column that is more than a value"
    return _Statement(head, place, tail, fields)
