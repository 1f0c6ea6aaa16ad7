"""Attached files and their pictures, for whoever may see their ticket and entry (R3, R62, R69)."""

from collections.abc import Iterable

from calypso.accounts.models import User
from calypso.base.errors import NotVisible
from calypso.base.text import is_key
from calypso.pictures.bounds import SHOWN
from calypso.pictures.models import Picture
from calypso.pictures.queries import pictures_of
from calypso.tickets.access import attachments_for, drafts_for
from calypso.tickets.models import Attachment, DraftFile

type SeenPicture = Picture  # the name that interfaces use in annotations: a type, which gives no access to the table


def bring_pictures(files: Iterable[Attachment | DraftFile]) -> None:
    """Sets the `picture` of each file that has one, or will. One query; none when no file is of a type that has."""
    shown = [file for file in files if file.media_type in SHOWN]
    pictures = pictures_of([file.stored for file in shown])
    for file in shown:
        file.picture = pictures.get(file.stored)


def get_attachment(viewer: User, reference: str, key: str) -> Attachment:
    """Returns one file of one ticket, both visible to `viewer` now (R3, R62). Raises NotVisible otherwise."""
    file = attachments_for(viewer).filter(ticket__reference=reference, key=key).first()
    if file is None:
        raise NotVisible
    return file


def get_picture(viewer: User, reference: str, key: str) -> Picture:
    """Returns the picture of a file that `viewer` may download now. Raises NotVisible, also when the file has none."""
    return _picture_of(get_attachment(viewer, reference, key))


def get_draft_picture(viewer: User, form_key: str, key: str) -> Picture:
    """Returns the picture of a file of the viewer's own draft. Raises NotVisible."""
    own_files = DraftFile.objects.filter(draft__in=drafts_for(viewer))
    file = own_files.filter(draft__key=form_key, key=key).first() if is_key(key) else None
    if file is None:
        raise NotVisible
    return _picture_of(file)


def _picture_of(file: Attachment | DraftFile) -> Picture:
    picture = pictures_of([file.stored]).get(file.stored)
    if picture is None:
        raise NotVisible
    return picture
