"""Questions that every page asks, compiled once: building the same SQL again took longer than running it (ADR 0013).

A question is written once, as a queryset made from values; rules of sight stay where they are. The first time, it is
made from stand-ins, whose places in the compiled statement are noted; then only the values change.
"""

import re
from collections.abc import Callable, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet

MOST = 300  # statements that a question keeps
STEP = 25  # keys by which a sequence grows: one statement serves twenty-five lengths
# Stand-ins are numbers, texts and instants that nothing else in a statement is; Django answers by itself a comparison
# with a number that its column cannot hold.
_FIRST = 2_113_000_001
_DAY = datetime(4017, 3, 1, tzinfo=UTC)


class _Instead:
    """A thing of Django's, with some of its attributes others."""

    def __init__(self, thing: Any, **others: Any) -> None:
        self.__dict__.update(others)
        self._thing = thing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._thing, name)


class _Statement:
    """A compiled queryset, for all threads; `places` says which values go where among the parameters.

    Words that never change are written into the statement: an engine that plans it before it knows its parameters can
    then tell that a partial index holds what is asked for.
    """

    def __init__(self, rows: QuerySet[Any], stand_ins: Sequence[Any]) -> None:
        self._rows = rows
        self._compiler: Any = rows.query.get_compiler(rows.db)
        sql, params = self._compiler.as_sql()
        numbers = {_adapted(value): number for number, value in enumerate(stand_ins)}
        marks = [_mark(param, numbers) for param in params]
        given = iter(marks)
        self._sql = _MARK.sub(lambda found: next(given) if found[0] == "%s" else found[0], sql)
        left = [param for param, mark in zip(params, marks, strict=True) if mark == "%s"]
        self._params = tuple(left)
        self._places = tuple((at, numbers[param]) for at, param in enumerate(left) if _known(param, numbers))
        columns = [column for column, *_rest in self._compiler.select[: self._compiler.col_count]]
        converters = self._compiler.get_converters(columns)
        self._compiler.get_converters = lambda _columns: converters

    def ask(self, values: Sequence[Any]) -> list[Any]:
        """The rows, as iterating the queryset would give them, on the connection of this thread."""
        params = self._filled(values)
        compiler = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_args, **_options: (self._sql, params)
        query = _Instead(self._rows.query, get_compiler=lambda *_args, **_options: compiler)
        asked: Any = _Instead(self._rows, query=query)
        return list(asked._iterable_class(asked))

    def count(self, values: Sequence[Any]) -> int:
        """How many rows there are."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({self._sql}) counted", self._filled(values))  # noqa: S608 - ours
            (number,) = cursor.fetchone()
        return int(number)

    def _filled(self, values: Sequence[Any]) -> tuple[Any, ...]:
        params = list(self._params)
        for place, number in self._places:
            params[place] = values[number]
        return tuple(params)


class Prepared:
    """A question made by `build` from values: numbers, texts, instants, sequences of numbers, likened ones.

    A likened value is more than one, as a viewer is: its `likeness` is what decides how the question is written, and
    the numbers that are written into it; `like(numbers)` is the same with others.

    Anything else is a constant of the question, asked for few of them. A value may only be compared, as it is: `build`
    must not look at it, nor fold it.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build
        self._held: dict[object, _Statement | None] = {}  # None where nothing can answer

    def __call__(self, *values: Any) -> list[Any]:
        """The rows, as the queryset would give them."""
        statement, given = self._of(values)
        return statement.ask(given) if statement else []

    def one(self, *values: Any) -> Any:
        """The first row, None without any."""
        return next(iter(self(*values)), None)

    def count(self, *values: Any) -> int:
        """How many rows the queryset would give."""
        statement, given = self._of(values)
        return statement.count(given) if statement else 0

    def _of(self, values: Sequence[Any]) -> tuple[_Statement | None, list[Any]]:
        """The statement for values of their shape, and the values as it takes them."""
        shapes: list[object] = [connection.vendor]
        flat: list[Any] = []
        for value in values:
            shape, parts = _taken_apart(value)
            shapes.append(shape)
            flat += parts
        key = tuple(shapes)
        held = self._held
        if key not in held:
            if len(held) >= MOST:
                held = self._held = {}
            held[key] = self._compiled(values)
        return held[key], [_adapted(value) for value in flat]

    def _compiled(self, values: Sequence[Any]) -> _Statement | None:
        stand_ins: list[Any] = []
        rows = self._build(*(_stand_in(value, stand_ins) for value in values))
        try:
            return _Statement(rows, stand_ins)
        except EmptyResultSet:
            return None


def padded(keys: Sequence[int]) -> list[int]:
    """The keys, the last one again and again up to a round number of them: as many statements less to compile."""
    return [*keys, *[keys[-1]] * (-len(keys) % STEP)] if keys else []


_MARK = re.compile("%s|%%")


def _mark(param: Any, numbers: dict[Any, int]) -> str:
    """What stands for a parameter in the statement: a word of the question itself, a mark for any other."""
    if not isinstance(param, str) or _known(param, numbers):
        return "%s"
    return "'" + str(param).replace("'", "''").replace("%", "%%") + "'"


def _known(param: Any, numbers: dict[Any, int]) -> bool:
    return isinstance(param, int | str | datetime) and param in numbers


def _taken_apart(value: Any) -> tuple[object, Sequence[Any]]:
    """What a value is for the shape of the question, and the parts of it that are written into the statement."""
    if hasattr(value, "likeness"):
        shape, numbers = value.likeness
        return (shape, len(numbers)), numbers
    if isinstance(value, list | tuple | frozenset):
        return len(value), list(value)
    if isinstance(value, str | int | datetime) and not isinstance(value, bool):
        return type(value), [value]
    return value, []


def _stand_in(value: Any, stand_ins: list[Any]) -> Any:
    def number() -> int:
        stand_ins.append(_FIRST + len(stand_ins))
        return int(stand_ins[-1])

    if hasattr(value, "likeness"):
        return value.like([number() for _part in value.likeness[1]])
    if isinstance(value, list | tuple | frozenset):
        return [number() for _part in value]
    if isinstance(value, bool) or not isinstance(value, str | int | datetime):
        return value
    if isinstance(value, int):
        return number()
    at = len(stand_ins)
    stand_ins.append(f"~{_FIRST + at}~" if isinstance(value, str) else _DAY + timedelta(days=at))
    return stand_ins[-1]


def _adapted(value: Any) -> Any:
    """A value as the engine takes it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
