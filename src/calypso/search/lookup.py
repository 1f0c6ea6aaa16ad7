"""Which tickets hold some terms: the only place that knows how each engine looks them up.

A question is a list of groups, each of which a ticket must answer by one of its terms at least; a term that ends with
`*` is the start of one. Documents are looked up by their terms alone: who may see a ticket is for `access` to say.
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
    """The keys of the newest tickets that answer, at most `most`, the newest first."""
    with connection.cursor() as cursor:
        find = _newest_on_sqlite if connection.vendor == "sqlite" else _newest_on_postgresql
        return find(cursor, groups, most)


def answering(groups: Groups) -> RawSQL:
    """All that answer, as what a column of tickets' keys may be `in`."""
    sql, asked = (_ALL_SQLITE, [_for_sqlite(groups)]) if connection.vendor == "sqlite" else _on_postgresql(groups)
    return RawSQL(sql, asked)  # noqa: S611 - what is asked are parameters


def beginning(start: str, most: int) -> list[str]:
    """Known words that begin so, at most `most`."""
    # The index of each engine serves another way to ask for the same.
    between = {"word__gte": start, "word__lt": f"{start}\U0010ffff"}
    asked = between if connection.vendor == "sqlite" else {"word__startswith": start}
    return list(KnownWord.objects.filter(**asked).order_by("word").values_list("word", flat=True)[:most])


def windows() -> Iterator[Set[str]]:
    """The groups that part all tickets by their age, the newest first, some hundred thousand each."""
    for last in range(_newest_key(), -RECENT_WIDE, -RECENT_WIDE):
        yield {terms_of_age(max(0, last))[1]}


def _newest_on_sqlite(cursor: CursorWrapper, groups: Groups, most: int) -> list[int]:
    cursor.execute(_NEWEST_SQLITE, [_for_sqlite(groups), most])
    return [key for (key,) in cursor.fetchall()]


def _newest_on_postgresql(  # pragma: no cover - what is counted is SQLite's run
    cursor: CursorWrapper, groups: Groups, most: int
) -> list[int]:
    """PostgreSQL gathers all that answer before it sorts: the newest tickets are looked at first, then the rest.

    A term that most tickets hold is answered by the newest; a rare one costs three look-ups instead of one. To guess
    from the newest how far to look saves one, and gathers everything for a word that went out of use.
    """
    last = _newest_key()

    def among(*ages: Set[str]) -> list[int]:
        sql, asked = _on_postgresql([*ages, *groups])
        cursor.execute(f"{sql} ORDER BY ticket_id DESC LIMIT %s", [*asked, most])
        return [key for (key,) in cursor.fetchall()]

    for place, width in enumerate((RECENT, RECENT_WIDE)):
        found = among({terms_of_age(last)[place], terms_of_age(max(0, last - width))[place]})
        if len(found) >= most:
            return found
    return among()


def _newest_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(ticket_id) FROM search_searchdocument")
        return cursor.fetchone()[0] or 0


def _for_sqlite(groups: Groups) -> str:
    return " AND ".join(f"({' OR '.join(_quoted(term, '"', ' *') for term in sorted(group))})" for group in groups)


def _on_postgresql(groups: Groups) -> tuple[str, list[str]]:
    """The statement that gathers all that answer, and what it is asked.

    A condition a group, from the last, which narrows most, to the first: the index leaps from one list to the next,
    where a single condition reads all lists that its rarest terms do not rule out (twelve times as long for a common
    word among the newest). Apart from the rest, so that no plan reads every document in the order of the page.
    """
    asked = [" | ".join(_quoted(term, "'", ":*") for term in sorted(group)) for group in reversed(groups)]
    held = " AND ".join([f"{_INDEXED} @@ %s::tsquery"] * len(asked))
    found = f"SELECT ticket_id FROM search_searchdocument WHERE {held}"  # noqa: S608 - of our own pieces
    return f"WITH found AS MATERIALIZED ({found}) SELECT ticket_id FROM found", asked  # noqa: S608


def _quoted(term: str, quote: str, start: str) -> str:
    """A term between quotes, of which it holds none: it is made of letters, digits and the signs of `terms`."""
    return f"{quote}{term.removesuffix('*')}{quote}{start if term.endswith('*') else ''}"
