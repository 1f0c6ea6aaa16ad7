"""The actions on pictures: asking for those of a stored file, making them in the background, dropping them.

They check no right: the rooms that hold files call them from their own actions.
"""

import json
from collections.abc import Collection

import structlog
from django.tasks import task

from calypso.base import files, isolation
from calypso.pictures.bounds import LARGEST, MEGABYTES, SECONDS, SHOWN
from calypso.pictures.models import Picture, State

_log = structlog.stdlib.get_logger(__name__)


def ask(*, source: str, media_type: str) -> None:
    """Asks for the pictures of the stored file `source`, if files of its type have any. Runs in a transaction."""
    if media_type in SHOWN and Picture.objects.get_or_create(source=source)[1]:
        make.enqueue(source=source)


@task
def make(*, source: str) -> bool:
    """Makes the pictures of a stored file; returns whether it has any.

    A file that cannot be read, or not within its bounds, has none, and is not tried again (R69).
    """
    if not Picture.objects.filter(source=source, state=State.WAITING).exists():
        return False
    try:
        with files.open_stored(source) as content:
            changes = _render(content.read())
    except (FileNotFoundError, isolation.Died, ValueError):
        _log.warning("picture.none", source=source)
        changes = {"state": State.NONE}
    made = Picture.objects.filter(source=source, state=State.WAITING).update(**changes)
    return bool(made) and changes["state"] is State.READY


def _render(content: bytes) -> dict[str, object]:
    """Returns the columns of a picture that is ready, its files stored. Raises Died, ValueError."""
    answer = isolation.run("calypso.pictures.render_program", content, megabytes=MEGABYTES, seconds=SECONDS)
    head, _line, pictures = answer.partition(b"\n")
    facts = json.loads(head)
    thumbnail, view = pictures[: facts["thumbnail"]], pictures[facts["thumbnail"] :]
    return {
        "state": State.READY,
        "thumbnail": files.store([thumbnail], limit=LARGEST).name,
        "view": files.store([view], limit=LARGEST).name,
        "width": facts["width"],
        "height": facts["height"],
    }


def drop(*, sources: Collection[str]) -> None:
    """Removes the pictures of stored files that are removed, from the database and from disk."""
    rows = Picture.objects.filter(source__in=sources)
    names = [name for row in rows for name in (row.thumbnail, row.view) if name]
    rows.delete()
    for name in names:
        files.remove(name)
