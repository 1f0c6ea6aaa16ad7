"""Decides which files may be attached, and cleans their names (R64, R65, decision 27)."""

import re
from pathlib import Path

from django.conf import settings

from calypso.base.file_types import media_type, runs_as
from calypso.base.i18n import gettext as _
from calypso.base.text import normalized

NAME_MAX = 150
NAME_MEASURED = 1000  # characters of a given name that are read: the last ones, which hold the extension
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_RESERVED = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class RefusedFile(ValueError):
    """The file may not be attached; the message names it and says why."""


def clean_name(name: str) -> str:
    """Returns the name to show and to download a file under: no path, not empty, at most 150 characters (R65)."""
    last = name[-NAME_MEASURED:].replace("\\", "/").rsplit("/", 1)[-1]
    base = normalized("NFC", _UNSAFE.sub("", last))
    base = _RESERVED.sub("_", base).strip().lstrip(".").rstrip(". ")
    if not base or _DEVICES.fullmatch(base):
        base = f"fichier{Path(base).suffix}" if base else "fichier"
    stem, dot, extension = base.rpartition(".")
    if len(base) > NAME_MAX and dot and len(extension) < 20:
        return stem[: NAME_MAX - len(extension) - 1] + "." + extension
    return base[:NAME_MAX]


def accepted_type(name: str, content: Path) -> str:
    """Returns the media type to serve `content` with. Everything is accepted except what runs (decision 27).

    `name` is the clean name, `content` the file on disk. Raises RefusedFile for an empty file, and for one whose
    extension or bytes are of a kind in the setting `REFUSED_FILES`.
    """
    extension = Path(name).suffix.lower().lstrip(".")
    if not content.stat().st_size:
        raise RefusedFile(_("« %(name)s » est vide.") % {"name": name})
    refused = settings.REFUSED_FILES
    if extension in refused or runs_as(content) in refused:
        raise RefusedFile(
            _(
                "« %(name)s » : ce qui s'exécute (programme, script, raccourci, image disque) n'est pas accepté. "
                "Retirez-le, ou joignez-le dans une archive .zip."
            )
            % {"name": name}
        )
    return media_type(extension, content)
