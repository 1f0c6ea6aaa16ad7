"""Queries on pictures. They check no right: the rooms that hold files do so before calling them."""

from collections.abc import Collection

from django.db.models import QuerySet

from calypso.pictures.models import Picture


def pictures_of(sources: Collection[str]) -> dict[str, Picture]:
    """Returns the pictures of stored files, ready or waiting, by stored name. One query, none without a name."""
    rows = Picture.objects.filter(source__in=sources).exclude(state="none") if sources else []
    return {row.source: row for row in rows}


def pictured_sources() -> QuerySet[Picture, str]:
    """Returns the stored names of the files that were asked for their pictures already, as a subquery."""
    return Picture.objects.values_list("source", flat=True)


def picture_names() -> QuerySet[Picture, tuple[str, str, str]]:
    """Returns (source, thumbnail, view) of every picture: the stored names that a sweep must not take for orphans."""
    return Picture.objects.values_list("source", "thumbnail", "view")
