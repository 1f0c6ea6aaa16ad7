"""Aggregates that the databases name differently."""

from statistics import median
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import Aggregate, FloatField
from django.dispatch import receiver


class Median(Aggregate):
    """The median of a column of numbers, as a float: of two in the middle, halfway. None without any."""

    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="CALYPSO_MEDIAN(%(expressions)s)", **extra)


class _SqliteMedian:
    """The aggregate that SQLite lacks; as in PostgreSQL, nulls are left out."""

    def __init__(self) -> None:
        self._values: list[float] = []

    def step(self, value: float | None) -> None:
        if value is not None:
            self._values.append(value)

    def finalize(self) -> float | None:
        return median(self._values) if self._values else None


@receiver(connection_created)
def _teach_sqlite(connection: Any, **_named: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("CALYPSO_MEDIAN", 1, _SqliteMedian)
