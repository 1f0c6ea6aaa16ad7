"""Querysets compiled to SQL once and run many times with other values (ADR 0013).

Uses private Django: `get_compiler`, `_iterable_class` and the attributes of a compiler. `COMPILED_QUERIES = False` runs
the plain querysets instead, and a test compares both for every query and every person.
"""

import re
from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet

MAX_STATEMENTS = 300  # kept by one query
PADDING = 25  # lists of keys are padded to a multiple of it, so that one statement serves twenty-five lengths
# Placeholders are numbers, texts and instants that occur nowhere else in a statement. The numbers fit an integer
# column, since Django answers by itself a comparison with a number that its column cannot hold.
_FIRST_PLACEHOLDER = 2_113_000_001
_PLACEHOLDER_DAY = datetime(4017, 3, 1, tzinfo=UTC)


class CompiledQuery:
    """A queryset that `build` makes from values: numbers, texts, instants, sequences of numbers, keyed values.

    A keyed value stands for several, as a viewer does. Its `cache_key` is a pair: what decides how the SQL is written,
    and the numbers that are written into it. `with_placeholders(numbers)` returns the same value with other numbers.

    Any other value is a constant of the SQL, of which few are expected. `build` may only compare its values: it neither
    reads nor changes them. Access rules stay in `build`.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self.build = build
        self._statements: dict[object, _Statement | None] = {}  # None where nothing can match

    def fetch(self, *values: Any) -> list[Any]:
        """Returns the rows of the queryset of these values."""
        if not settings.COMPILED_QUERIES:
            return list(self.build(*values))
        statement, parameters = self._statement_of(values)
        return statement.fetch(parameters) if statement else []

    def first(self, *values: Any) -> Any:
        """Returns the first row, None without any."""
        return next(iter(self.fetch(*values)), None)

    def count(self, *values: Any) -> int:
        """Returns the number of rows of the queryset of these values."""
        if not settings.COMPILED_QUERIES:
            return self.build(*values).count()
        statement, parameters = self._statement_of(values)
        return statement.count(parameters) if statement else 0

    def _statement_of(self, values: Sequence[Any]) -> tuple["_Statement | None", list[Any]]:
        """Returns the statement for values of this shape, and the values as the database takes them."""
        shapes: list[object] = [connection.vendor]
        flat: list[Any] = []
        for value in values:
            shape, parts = _shape_of(value)
            shapes.append(shape)
            flat += parts
        key = tuple(shapes)
        statements = self._statements
        if key not in statements:
            if len(statements) >= MAX_STATEMENTS:
                statements = self._statements = {}
            statements[key] = self._compile(values)
        return statements[key], [_adapted(value) for value in flat]

    def _compile(self, values: Sequence[Any]) -> "_Statement | None":
        placeholders: list[Any] = []
        rows = self.build(*(_placeholder(value, placeholders) for value in values))
        try:
            return _Statement(rows, placeholders)
        except EmptyResultSet:
            return None


class _Overridden:
    """A Django object with some of its attributes replaced."""

    def __init__(self, original: Any, **attributes: Any) -> None:
        self.__dict__.update(attributes)
        self._original = original

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


class _Statement:
    """A compiled queryset, for all threads. `_places` are pairs: a position in the parameters, the index of its value.

    Texts that never change are written into the SQL: an engine that plans it before it knows its parameters can then
    tell that a partial index holds the rows.
    """

    def __init__(self, rows: QuerySet[Any], placeholders: Sequence[Any]) -> None:
        self._rows = rows
        self._compiler: Any = rows.query.get_compiler(rows.db)
        sql, params = self._compiler.as_sql()
        numbers = {_adapted(value): number for number, value in enumerate(placeholders)}
        snippets = [_sql_of(param, numbers) for param in params]
        next_snippet = iter(snippets)
        self._sql = _MARK.sub(lambda match: next(next_snippet) if match[0] == "%s" else match[0], sql)
        left = [param for param, snippet in zip(params, snippets, strict=True) if snippet == "%s"]
        self._params = tuple(left)
        self._places = tuple((at, numbers[param]) for at, param in enumerate(left) if _is_placeholder(param, numbers))
        columns = [column for column, *_rest in self._compiler.select[: self._compiler.col_count]]
        converters = self._compiler.get_converters(columns)
        self._compiler.get_converters = lambda _columns: converters

    def fetch(self, values: Sequence[Any]) -> list[Any]:
        """Returns the rows as iterating the queryset would, on the connection of this thread."""
        params = self._filled(values)
        compiler = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_args, **_options: (self._sql, params)
        query = _Overridden(self._rows.query, get_compiler=lambda *_args, **_options: compiler)
        rows: Any = _Overridden(self._rows, query=query)
        return list(rows._iterable_class(rows))

    def count(self, values: Sequence[Any]) -> int:
        """Returns the number of rows."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({self._sql}) counted", self._filled(values))  # noqa: S608 - ours
            (number,) = cursor.fetchone()
        return int(number)

    def _filled(self, values: Sequence[Any]) -> tuple[Any, ...]:
        params = list(self._params)
        for place, number in self._places:
            params[place] = values[number]
        return tuple(params)


def padded(keys: Sequence[int]) -> list[int]:
    """Returns the keys, the last one repeated up to a multiple of `PADDING`, so that fewer statements are compiled."""
    return [*keys, *[keys[-1]] * (-len(keys) % PADDING)] if keys else []


_MARK = re.compile("%s|%%")


def _sql_of(param: Any, numbers: dict[Any, int]) -> str:
    """Returns the SQL of a parameter: a constant text itself, `%s` for anything else."""
    if not isinstance(param, str) or _is_placeholder(param, numbers):
        return "%s"
    return "'" + str(param).replace("'", "''").replace("%", "%%") + "'"


def _is_placeholder(param: Any, numbers: dict[Any, int]) -> bool:
    return isinstance(param, int | str | datetime) and param in numbers


def _shape_of(value: Any) -> tuple[object, Sequence[Any]]:
    """Returns what a value changes in how the SQL is written, and its parts that become parameters."""
    if hasattr(value, "cache_key"):
        shape, numbers = value.cache_key
        return (shape, len(numbers)), numbers
    if isinstance(value, list | tuple | frozenset):
        return len(value), list(value)
    if isinstance(value, str | int | datetime) and not isinstance(value, bool):
        return type(value), [value]
    return value, []


def _placeholder(value: Any, placeholders: list[Any]) -> Any:
    def number() -> int:
        placeholders.append(_FIRST_PLACEHOLDER + len(placeholders))
        return int(placeholders[-1])

    if hasattr(value, "cache_key"):
        return value.with_placeholders([number() for _part in value.cache_key[1]])
    if isinstance(value, list | tuple | frozenset):
        return [number() for _part in value]
    if isinstance(value, bool) or not isinstance(value, str | int | datetime):
        return value
    if isinstance(value, int):
        return number()
    at = len(placeholders)
    placeholders.append(f"~{_FIRST_PLACEHOLDER + at}~" if isinstance(value, str) else _PLACEHOLDER_DAY + timedelta(at))
    return placeholders[-1]


def _adapted(value: Any) -> Any:
    """Returns a value as the engine takes it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
