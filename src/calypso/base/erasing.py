"""Removes names from texts without altering the words around them (R130)."""

import re
from collections.abc import Iterable, Sequence

from django.db.models import Model, Q, QuerySet
from markupsafe import escape

ERASED = "[effacé]"


class Eraser:
    """Replaces whole names and addresses, whatever their case: « Ann Lee » is replaced, « Joann Leeds » is not.

    `forms` are the spellings under which a database query finds the candidate texts.
    """

    def __init__(self, names: Iterable[str]) -> None:
        words = sorted({name for name in names if name.strip()}, key=len, reverse=True)
        self.forms = sorted({form for word in words for form in _forms(word)})
        parts = "|".join(re.escape(form) for word in words for form in (word, str(escape(word))))
        self._pattern = re.compile(rf"(?<![\w.+-])(?:{parts})(?![\w-])", re.IGNORECASE)

    def clean(self, text: str) -> str:
        """Returns `text` with names replaced, never longer than before: a title at its limit keeps its other words."""
        return self._pattern.sub(lambda match: ERASED if len(match.group()) >= len(ERASED) else "…", text)


def clean_rows[M: Model](rows: QuerySet[M], columns: Sequence[str], eraser: Eraser) -> int:
    """Rewrites the rows whose text columns hold a name; returns how many. Must be called within a transaction."""
    condition = Q()
    for column in columns:
        for form in eraser.forms:
            condition |= Q(**{f"{column}__contains": form})
    count = 0
    for row in rows.filter(condition).only("pk", *columns).iterator(chunk_size=200):
        cleaned = {column: eraser.clean(getattr(row, column)) for column in columns}
        if any(getattr(row, column) != text for column, text in cleaned.items()):
            count += rows.filter(pk=row.pk).update(**cleaned)
    return count


def _forms(word: str) -> set[str]:
    """Returns the spellings of a word: as typed, lower, upper and title case, each plain and HTML-escaped.

    All are listed because not every database engine ignores the case of accented letters.
    """
    return {
        form
        for spelling in (word, word.lower(), word.upper(), word.title())
        for form in (spelling, str(escape(spelling)))
    }
