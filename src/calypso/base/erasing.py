"""Taking a name out of texts without harming the words around it (R130)."""

import re
from collections.abc import Iterable, Sequence

from django.db.models import Model, Q, QuerySet
from markupsafe import escape

ERASED = "[effacé]"


class Eraser:
    """Replaces whole names and addresses, whatever their case: « Ann Lee » goes, « Joann Leeds » stays.

    `forms` are the ways in which a text may hold them, for a database to find the candidates.
    """

    def __init__(self, names: Iterable[str]) -> None:
        words = sorted({name for name in names if name.strip()}, key=len, reverse=True)
        self.forms = sorted({form for word in words for form in _forms(word)})
        parts = "|".join(re.escape(form) for word in words for form in (word, str(escape(word))))
        self._pattern = re.compile(rf"(?<![\w.+-])(?:{parts})(?![\w-])", re.IGNORECASE)

    def clean(self, text: str) -> str:
        """`text` without the names, never longer than it was: a title at its limit keeps all its other words."""
        return self._pattern.sub(lambda found: ERASED if len(found.group()) >= len(ERASED) else "…", text)


def clean_rows[M: Model](rows: QuerySet[M], columns: Sequence[str], eraser: Eraser) -> int:
    """Rewrites the rows whose text columns hold a name; returns how many. Called within a transaction."""
    holding = Q()
    for column in columns:
        for form in eraser.forms:
            holding |= Q(**{f"{column}__contains": form})
    changed = 0
    for row in rows.filter(holding).only("pk", *columns).iterator(chunk_size=200):
        cleaned = {column: eraser.clean(getattr(row, column)) for column in columns}
        if any(getattr(row, column) != text for column, text in cleaned.items()):
            changed += rows.filter(pk=row.pk).update(**cleaned)
    return changed


def _forms(word: str) -> set[str]:
    """A word as typed, in capitals and in small letters, and as HTML: not every engine folds accents by itself."""
    return {form for cased in (word, word.lower(), word.upper(), word.title()) for form in (cased, str(escape(cased)))}
