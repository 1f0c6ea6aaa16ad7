"""The columns of imported tables that people named by hand, remembered by the titles of the table."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from calypso.accounts.models import ColumnMapping
from calypso.base.importing import Columns, Headings, Rows, heading, title_rows


def remembered_headings(purpose: str, rows: Rows, columns: Columns) -> Headings | None:
    """Returns the headings that somebody named in an earlier table of the same titles; None when nobody did."""
    by_digest = {_digest(rows[number]): number for number in reversed(title_rows(rows))}
    mapping = ColumnMapping.objects.filter(purpose=purpose, titles__in=by_digest).first()
    if mapping is None:
        return None
    places: Mapping[str, int] = {name: place for name, place in mapping.places.items() if name in columns}
    return Headings(by_digest[mapping.titles], places)


def remember_headings(purpose: str, rows: Rows, headings: Headings | None, understood: Headings | None) -> None:
    """Remembers what the columns of an imported table are, for all who import one of the same titles.

    The last answer counts; one that is what the titles alone say, `understood`, forgets the others. Called by a
    confirmed import, in its transaction. Does nothing when nobody named the columns, or without titles.
    """
    if headings is None or headings.row < 0:
        return
    titles = _digest(rows[headings.row])
    if headings == understood:
        ColumnMapping.objects.filter(purpose=purpose, titles=titles).delete()
    else:
        defaults = {"places": dict(headings.places)}
        ColumnMapping.objects.update_or_create(purpose=purpose, titles=titles, defaults=defaults)


def _digest(row: Sequence[str]) -> str:
    return sha256(json.dumps([heading(cell) for cell in row]).encode()).hexdigest()
