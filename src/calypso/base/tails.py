"""The end of a table whose numbers only grow, though they may appear out of order."""

from collections.abc import Collection

from django.db.models import Model, QuerySet


def tail[M: Model, Row](rows: QuerySet[M, Row], last: int, missing: Collection[int], most: int) -> list[Row]:
    """The rows whose numbers come after `last`, at most `most` in their order, and those of `missing` that are there.

    Two questions: of one with an « or », a plan that PostgreSQL keeps reads the table from its beginning.
    """
    found = list(rows.filter(pk__in=missing)) if missing else []
    return found + list(rows.filter(pk__gt=last).order_by("pk")[:most])
