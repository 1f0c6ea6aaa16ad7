"""Bulk loading of rows: COPY on PostgreSQL, many at a time in one transaction on SQLite. For benchmarks only."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import connection, models

AT_ONCE = 5_000


def load(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes the rows, whose values are in the order of `columns`; only the database checks them."""
    table, names = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        placeholders = ", ".join("?" * len(columns))
        for chunk in batched(rows, AT_ONCE, strict=False):
            values = [tuple(_adapted(value) for value in row) for row in chunk]
            cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({placeholders})", values)  # noqa: S608


@contextmanager
def without_search() -> Iterator[None]:
    """On PostgreSQL, drops the search index during the load: creating it in one go afterwards costs a tenth.

    Within a transaction it stays: PostgreSQL creates no index over rows whose foreign keys are still to be checked.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_document_terms'")
        (definition,) = cursor.fetchone()
        cursor.execute("DROP INDEX search_document_terms")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(definition)
        cursor.execute("RESET maintenance_work_mem")


def next_id(model: type[models.Model]) -> int:
    """Returns the first primary key after those of the table."""
    return (model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1


def keep_counting(*tables: type[models.Model]) -> None:
    """Moves the sequences after the rows that were written with their primary keys, and updates the statistics."""
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
