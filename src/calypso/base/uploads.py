"""What may be attached, decided by extension and by content, and what a file may be called (R64, R65)."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import puremagic

from calypso.base.i18n import gettext as _

NAME_MAX = 150
OCTETS = "application/octet-stream"

_ZIP = frozenset({".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".jar", ".epub"})
_OLE = frozenset({".doc", ".xls", ".ppt", ".msg", ".ole", ".msi"})
_TEXT: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: the type it is served with, and the extensions its content may be recognised as."""

    media_type: str
    contents: frozenset[str]


KINDS: dict[str, Kind] = {
    ".png": Kind("image/png", frozenset({".png", ".apng"})),
    ".jpg": Kind("image/jpeg", frozenset({".jpg", ".jpeg", ".jfif"})),
    ".jpeg": Kind("image/jpeg", frozenset({".jpg", ".jpeg", ".jfif"})),
    ".gif": Kind("image/gif", frozenset({".gif"})),
    ".webp": Kind("image/webp", frozenset({".webp"})),
    ".bmp": Kind("image/bmp", frozenset({".bmp"})),
    ".tif": Kind("image/tiff", frozenset({".tif", ".tiff"})),
    ".tiff": Kind("image/tiff", frozenset({".tif", ".tiff"})),
    ".heic": Kind("image/heic", frozenset({".heic", ".heif", ".avif"})),
    ".pdf": Kind("application/pdf", frozenset({".pdf"})),
    ".docx": Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
    ".xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
    ".pptx": Kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", _ZIP),
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
    ".mp4": Kind("video/mp4", frozenset({".mp4", ".m4v", ".mov", ".m4a", ".3gp"})),
    ".mov": Kind("video/quicktime", frozenset({".mp4", ".m4v", ".mov", ".qt"})),
    ".webm": Kind("video/webm", frozenset({".webm", ".mkv"})),
}

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_RESERVED = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class RefusedFile(ValueError):
    """The file may not be attached; the message says why, naming it."""


def clean_name(name: str) -> str:
    """The name under which a file is shown and downloaded: never a path, never empty, at most 150 characters (R65)."""
    base = unicodedata.normalize("NFC", _UNSAFE.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]))
    base = _RESERVED.sub("_", base).strip().lstrip(".").rstrip(". ")
    if not base or _DEVICES.fullmatch(base):
        base = f"fichier{Path(base).suffix}" if base else "fichier"
    stem, dot, extension = base.rpartition(".")
    if len(base) > NAME_MAX and dot and len(extension) < 20:
        return stem[: NAME_MAX - len(extension) - 1] + "." + extension
    return base[:NAME_MAX]


def media_type(name: str, content: Path) -> str:
    """The type to serve `content` with, once its extension and its bytes agree.

    `name` is the clean name, `content` the file on disk. Raises RefusedFile when the extension is not accepted, when
    the bytes say otherwise, or when the file is empty.
    """
    extension = Path(name).suffix.lower()
    kind = KINDS.get(extension)
    if kind is None:
        raise RefusedFile(_("« %(name)s » : ce type de fichier n'est pas accepté.") % {"name": name})
    if content.stat().st_size == 0:
        raise RefusedFile(_("« %(name)s » est vide.") % {"name": name})
    if not (_is_text(content) if kind.contents is _TEXT else _recognised(content) in kind.contents):
        raise RefusedFile(
            _("« %(name)s » : le contenu ne correspond pas à l'extension « %(extension)s ».")
            % {"name": name, "extension": extension}
        )
    return kind.media_type


def _is_text(content: Path) -> bool:
    with content.open("rb") as file:
        head = file.read(65536)
    return b"\x00" not in head and not head.startswith((b"MZ", b"\x7fELF", b"%PDF", b"PK\x03\x04"))


def _recognised(content: Path) -> str:
    try:
        return puremagic.from_file(content)
    except (puremagic.PureError, ValueError):
        return ""


def accepted_extensions() -> str:
    """The accepted extensions as the `accept` attribute of a file field wants them."""
    return ",".join(sorted(KINDS))
