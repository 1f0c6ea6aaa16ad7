"""Finds the tickets that hold some terms: the only module that knows how each database engine looks them up.

A query is a list of groups of terms: a ticket matches if it holds at least one term of each group. A term that ends
with `*` is a prefix. Documents are looked up by their terms only: visibility is checked by `tickets.access`.
"""

from collections.abc import Iterator, Sequence, Set

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import RawSQL

from calypso.search.index_terms import RECENT, RECENT_WIDE, terms_of_age
from calypso.search.models import KnownWord

type Groups = Sequence[Set[str]]

_INDEXED = "array_to_tsvector(string_to_array(terms, ' '))"
_NEWEST_SQLITE = "SELECT rowid FROM search_fts WHERE search_fts MATCH %s ORDER BY rowid DESC LIMIT %s"
_ALL_SQLITE = "SELECT rowid FROM search_fts WHERE search_fts MATCH %s"


def newest(groups: Groups, most: int) -> list[int]:
    """Returns the ids of the newest matching tickets, at most `most`, newest first."""
    with connection.cursor() as cursor:
        find = _newest_on_sqlite if connection.vendor == "sqlite" else _newest_on_postgresql
        return find(cursor, groups, most)


def answering(groups: Groups) -> RawSQL:
    """Returns the ids of all matching tickets, as a subquery for an `__in` lookup on ticket ids."""
    sql, parameters = (_ALL_SQLITE, [_for_sqlite(groups)]) if connection.vendor == "sqlite" else _on_postgresql(groups)
    return RawSQL(sql, parameters)  # noqa: S611 - the terms are parameters


def beginning(start: str, most: int) -> list[str]:
    """Returns the known words that begin with `start`, at most `most`."""
    # The index of each engine serves a different form of the same condition.
    between = {"word__gte": start, "word__lt": f"{start}\U0010ffff"}
    condition = between if connection.vendor == "sqlite" else {"word__startswith": start}
    return list(KnownWord.objects.filter(**condition).order_by("word").values_list("word", flat=True)[:most])


def windows() -> Iterator[Set[str]]:
    """Yields groups that partition all tickets by age, newest first, `RECENT_WIDE` tickets each."""
    for last in range(_newest_key(), -RECENT_WIDE, -RECENT_WIDE):
        yield {terms_of_age(max(0, last))[1]}


def _newest_on_sqlite(cursor: CursorWrapper, groups: Groups, most: int) -> list[int]:
    cursor.execute(_NEWEST_SQLITE, [_for_sqlite(groups), most])
    return [key for (key,) in cursor.fetchall()]


def _newest_on_postgresql(  # pragma: no cover - coverage is measured on SQLite
    cursor: CursorWrapper, groups: Groups, most: int
) -> list[int]:
    """Searches the newest tickets first, then the rest, because PostgreSQL collects all matches before it sorts.

    A term that most tickets hold is found among the newest; a rare one costs three lookups instead of one. Estimating
    from the newest tickets how far to search would save one lookup, but collect every match of a word no longer used.
    """
    last = _newest_key()

    def fetch_newest(*ages: Set[str]) -> list[int]:
        sql, parameters = _on_postgresql([*ages, *groups])
        cursor.execute(f"{sql} ORDER BY ticket_id DESC LIMIT %s", [*parameters, most])
        return [key for (key,) in cursor.fetchall()]

    for place, width in enumerate((RECENT, RECENT_WIDE)):
        keys = fetch_newest({terms_of_age(last)[place], terms_of_age(max(0, last - width))[place]})
        if len(keys) >= most:
            return keys
    return fetch_newest()


def _newest_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(ticket_id) FROM search_searchdocument")
        return cursor.fetchone()[0] or 0


def _for_sqlite(groups: Groups) -> str:
    return " AND ".join(f"({' OR '.join(_quoted(term, '"', ' *') for term in sorted(group))})" for group in groups)


def _on_postgresql(groups: Groups) -> tuple[str, list[str]]:
    """Returns the statement that collects all matches, and its parameters.

    One condition per group, from the last, which is the most selective, to the first: the index then skips within its
    posting lists, whereas a single condition reads all lists that its rarest terms do not rule out (twelve times as
    long for a common word among the newest). In a materialized CTE, so that no plan reads every document in the order
    of the page.
    """
    parameters = [" | ".join(_quoted(term, "'", ":*") for term in sorted(group)) for group in reversed(groups)]
    conditions = " AND ".join([f"{_INDEXED} @@ %s::tsquery"] * len(parameters))
    matches_sql = f"SELECT ticket_id FROM search_searchdocument WHERE {conditions}"  # noqa: S608 - built from constants only
    return f"WITH found AS MATERIALIZED ({matches_sql}) SELECT ticket_id FROM found", parameters  # noqa: S608


def _quoted(term: str, quote: str, start: str) -> str:
    """Returns a term between quotes.

    A term holds no quote: it is made of letters, digits and the prefix characters of `search.index_terms`.
    """
    return f"{quote}{term.removesuffix('*')}{quote}{start if term.endswith('*') else ''}"
