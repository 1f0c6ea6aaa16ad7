"""Decides which files may be attached, by extension and by content, and cleans their names (R64, R65)."""

import re
from dataclasses import dataclass
from pathlib import Path

from calypso.base.i18n import gettext as _
from calypso.base.text import normalized

NAME_MAX = 150
NAME_MEASURED = 1000  # characters of a given name that are read: the last ones, which hold the extension
OCTETS = "application/octet-stream"

_HEAD = 65536  # bytes read: the signature of a file is at its start, and nothing is ever unpacked (R57, R70)

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_JPEG = (b"\xff\xd8\xff",)
_TIFF = (b"II*\x00", b"MM\x00*")
_TEXT: tuple[bytes, ...] = ()
_EXECUTABLES = (b"MZ", b"\x7fELF", b"%PDF", b"PK\x03\x04")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its media type when served, and the signatures of which one must stand at `offset`."""

    media_type: str
    signatures: tuple[bytes, ...]
    offset: int = 0


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, Kind] = {
    ".png": Kind("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": Kind("image/jpeg", _JPEG),
    ".jpeg": Kind("image/jpeg", _JPEG),
    ".gif": Kind("image/gif", (b"GIF87a", b"GIF89a")),
    ".webp": Kind("image/webp", (b"WEBP",), 8),
    ".bmp": Kind("image/bmp", (b"BM",)),
    ".tif": Kind("image/tiff", _TIFF),
    ".tiff": Kind("image/tiff", _TIFF),
    ".heic": Kind("image/heic", (b"ftyp",), 4),
    ".pdf": Kind("application/pdf", (b"%PDF-",)),
    ".docx": Kind(f"{_OFFICE}.wordprocessingml.document", _ZIP),
    ".xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _ZIP),
    ".pptx": Kind(f"{_OFFICE}.presentationml.presentation", _ZIP),
    ".odt": Kind("application/vnd.oasis.opendocument.text", _ZIP),
    ".ods": Kind("application/vnd.oasis.opendocument.spreadsheet", _ZIP),
    ".odp": Kind("application/vnd.oasis.opendocument.presentation", _ZIP),
    ".doc": Kind("application/msword", _OLE),
    ".xls": Kind("application/vnd.ms-excel", _OLE),
    ".ppt": Kind("application/vnd.ms-powerpoint", _OLE),
    ".msg": Kind(OCTETS, _OLE),
    ".zip": Kind("application/zip", _ZIP),
    ".txt": Kind("text/plain", _TEXT),
    ".log": Kind("text/plain", _TEXT),
    ".md": Kind("text/plain", _TEXT),
    ".csv": Kind("text/csv", _TEXT),
    ".json": Kind(OCTETS, _TEXT),
    ".xml": Kind(OCTETS, _TEXT),
    ".eml": Kind(OCTETS, _TEXT),
    ".ics": Kind("text/calendar", _TEXT),
    ".mp4": Kind("video/mp4", (b"ftyp",), 4),
    ".mov": Kind("video/quicktime", (b"ftyp", b"moov", b"wide", b"free"), 4),
    ".webm": Kind("video/webm", (b"\x1a\x45\xdf\xa3",)),
}

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


def media_type(name: str, content: Path) -> str:
    """Returns the media type to serve `content` with, once its extension and its bytes agree.

    `name` is the clean name, `content` the file on disk. Raises RefusedFile when the extension is not accepted, when
    the bytes do not match it, or when the file is empty.
    """
    extension = Path(name).suffix.lower()
    kind = KINDS.get(extension)
    if kind is None:
        raise RefusedFile(_("« %(name)s » : ce type de fichier n'est pas accepté.") % {"name": name})
    with content.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise RefusedFile(_("« %(name)s » est vide.") % {"name": name})
    if not _agrees(head, kind):
        raise RefusedFile(
            _("« %(name)s » : le contenu ne correspond pas à l'extension « %(extension)s ».")
            % {"name": name, "extension": extension}
        )
    return kind.media_type


def _agrees(head: bytes, kind: Kind) -> bool:
    if kind.signatures is _TEXT:
        return b"\x00" not in head and not head.startswith(_EXECUTABLES)
    return any(head.startswith(signature, kind.offset) for signature in kind.signatures)


def accepted_extensions() -> str:
    """Returns the accepted extensions as the `accept` attribute of a file field."""
    return ",".join(sorted(KINDS))
