"""Finds rows by typed words, alike on both database engines: the columns hold folded text (`text.fold`)."""

from django.db.models import Model, Q, QuerySet

from calypso.base.text import fold
from calypso.base.validation import search_words

WORDS_MAX = 10  # most words that a search uses; the work grows with each (R59)


def holding[M: Model](rows: QuerySet[M], words: str, *columns: str) -> QuerySet[M]:
    """Returns those of `rows` that contain each word in any of the folded `columns` (default: `search_text`).

    Raises Invalid as `search_words` does.
    """
    for word in fold(search_words(words)).split()[:WORDS_MAX]:
        condition = Q()
        for column in columns or ("search_text",):
            condition |= Q(**{f"{column}__contains": word})
        rows = rows.filter(condition)
    return rows
