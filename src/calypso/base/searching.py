"""Finding rows by the words that somebody typed, alike on both engines: columns hold folded text (`text.fold`)."""

from django.db.models import Model, Q, QuerySet

from calypso.base.text import fold
from calypso.base.validation import search_words

WORDS_MAX = 10  # words that a search reads; the work grows with each (R59)


def holding[M: Model](rows: QuerySet[M], words: str, *columns: str) -> QuerySet[M]:
    """Those of `rows` that hold each of the words, in any of the folded `columns` (`search_text` unless told).

    Raises Invalid for words that nobody can search for.
    """
    for word in fold(search_words(words)).split()[:WORDS_MAX]:
        found = Q()
        for column in columns or ("search_text",):
            found |= Q(**{f"{column}__contains": word})
        rows = rows.filter(found)
    return rows
