"""Reads the type of a stored file from its bytes: the media type it is served with, and whether it runs (R63, R64).

Only signatures are read, at the start and the end of the file. Nothing is unpacked, decompressed or parsed (R57, R70).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

OCTETS = "application/octet-stream"

_HEAD = 65536  # bytes read at the start: an ISO image is recognised at 32,769
_TAIL = 512  # bytes read at the end, where disk images have their signature
_PDF_WITHIN = 1024  # bytes that may precede the signature of a PDF, as readers accept

_OFFICE = "application/vnd.openxmlformats-officedocument"
_MACROS = "macroEnabled.12"


@dataclass(frozen=True, slots=True)
class Format:
    """A format recognised by one of `signatures` at `offset`.

    Formats that share a container (ZIP, OLE) share their bytes: the extension tells them apart, `media_type` is that
    of the others.
    """

    media_type: str
    signatures: tuple[bytes, ...]
    offset: int = 0
    by_extension: Mapping[str, str] = field(default_factory=dict)

    def matches(self, head: bytes) -> bool:
        return any(head.startswith(signature, self.offset) for signature in self.signatures)


FORMATS = (
    Format("image/png", (b"\x89PNG\r\n\x1a\n",)),
    Format("image/jpeg", (b"\xff\xd8\xff",)),
    Format("image/gif", (b"GIF87a", b"GIF89a")),
    Format("image/webp", (b"WEBP",), 8),
    Format("image/tiff", (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")),
    Format("image/heic", (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypmsf1"), 4),
    Format("image/avif", (b"ftypavi",), 4),
    Format("image/bmp", (b"BM",)),
    Format(
        "application/zip",
        (b"PK\x03\x04", b"PK\x05\x06"),
        by_extension={
            "docx": f"{_OFFICE}.wordprocessingml.document",
            "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
            "pptx": f"{_OFFICE}.presentationml.presentation",
            "docm": f"application/vnd.ms-word.document.{_MACROS}",
            "xlsm": f"application/vnd.ms-excel.sheet.{_MACROS}",
            "xlsb": f"application/vnd.ms-excel.sheet.binary.{_MACROS}",
            "pptm": f"application/vnd.ms-powerpoint.presentation.{_MACROS}",
            "odt": "application/vnd.oasis.opendocument.text",
            "ods": "application/vnd.oasis.opendocument.spreadsheet",
            "odp": "application/vnd.oasis.opendocument.presentation",
            "odg": "application/vnd.oasis.opendocument.graphics",
            "epub": "application/epub+zip",
            # Apple's documents, and others whose type says no more than their extension.
            **dict.fromkeys(("pages", "numbers", "key", "sketch", "kmz", "3mf"), OCTETS),
        },
    ),
    Format(
        OCTETS,
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
        by_extension={
            "doc": "application/msword",
            "xls": "application/vnd.ms-excel",
            "ppt": "application/vnd.ms-powerpoint",
            "msg": "application/vnd.ms-outlook",
            # A password puts the newer formats in this container too.
            "docx": f"{_OFFICE}.wordprocessingml.document",
            "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
            "pptx": f"{_OFFICE}.presentationml.presentation",
        },
    ),
    Format("application/x-7z-compressed", (b"7z\xbc\xaf\x27\x1c",)),
    Format("application/vnd.rar", (b"Rar!\x1a\x07",)),
    Format("application/gzip", (b"\x1f\x8b",)),
    Format("video/quicktime", (b"ftypqt", b"moov", b"wide", b"free", b"mdat"), 4),
    Format("audio/mp4", (b"ftypM4A",), 4),
    Format("video/mp4", (b"ftyp",), 4),
    Format("video/webm", (b"\x1a\x45\xdf\xa3",)),
    Format("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3")),
    Format("audio/wav", (b"WAVE",), 8),
    Format("image/vnd.adobe.photoshop", (b"8BPS",)),
)
_TEXTUAL = (Format("application/rtf", (b"{\\rtf",)), Format("application/postscript", (b"%!PS",)))
# Text is served as such where its extension says which; any other text, a page or a drawing included, as bytes (R71).
TEXTS = {
    "txt": "text/plain",
    "log": "text/plain",
    "md": "text/plain",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ics": "text/calendar",
    "vcf": "text/vcard",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

# The extensions that are refused by default, those of what runs: programs, scripts, shortcuts, installers, disk images.
RUNS = (
    *("exe", "com", "scr", "pif", "cpl", "dll", "sys", "drv", "ocx", "xll", "gadget", "elf", "macho", "app", "run"),
    *("bat", "cmd", "ps1", "psm1", "psd1", "ps1xml", "vb", "vbs", "vbe", "js", "mjs", "jse", "ws", "wsf", "wsc", "wsh"),
    *("hta", "sct", "sh", "bash", "zsh", "csh", "ksh", "command", "tool", "applescript", "scpt", "py", "pyc", "pyw"),
    *("pl", "rb", "php", "phtml", "lua", "jar", "class", "jnlp", "lnk", "url", "webloc", "desktop", "scf", "reg"),
    *("library-ms", "inf", "msc", "chm", "hlp", "msi", "msp", "mst", "msix", "msixbundle", "appx", "appinstaller"),
    *("application", "deb", "rpm", "apk", "xapk", "ipa", "pkg", "mpkg", "appimage", "flatpakref", "snap"),
    *("iso", "img", "dmg", "vhd", "vhdx", "vmdk", "qcow2", "wim"),
)

# What runs, by its first bytes: the extension that such a file has under its own name, and the signature.
_STARTS: tuple[tuple[str, bytes, int], ...] = (
    ("elf", b"\x7fELF", 0),
    ("macho", b"\xfe\xed\xfa\xce", 0),
    ("macho", b"\xfe\xed\xfa\xcf", 0),
    ("macho", b"\xce\xfa\xed\xfe", 0),
    ("macho", b"\xcf\xfa\xed\xfe", 0),
    ("class", b"\xca\xfe\xba\xbe", 0),
    ("sh", b"#!/", 0),
    ("sh", b"#! /", 0),
    ("lnk", b"L\x00\x00\x00\x01\x14\x02\x00", 0),
    ("url", b"[InternetShortcut]", 0),
    ("desktop", b"[Desktop Entry]", 0),
    ("reg", b"Windows Registry Editor", 0),
    ("reg", b"\xff\xfeW\x00i\x00n\x00d\x00o\x00w\x00s\x00 \x00R\x00e\x00g\x00i\x00s\x00t\x00r\x00y", 0),
    ("deb", b"!<arch>\ndebian", 0),
    ("rpm", b"\xed\xab\xee\xdb", 0),
    ("pkg", b"xar!", 0),
    ("chm", b"ITSF", 0),
    ("jar", b"META-INF/", 30),
    ("apk", b"AndroidManifest.xml", 30),
    ("apk", b"classes.dex", 30),
    ("iso", b"CD001", 32769),
    ("vhdx", b"vhdxfile", 0),
    ("vmdk", b"KDMV", 0),
    ("qcow2", b"QFI\xfb", 0),
    ("wim", b"MSWIM\x00\x00\x00", 0),
)
_ENDS = (("dmg", b"koly"), ("vhd", b"conectix"))  # at the start of the last 512 bytes
_INSTALLERS = {bytes.fromhex(f"{part}10 0C 00 00 00 00 00 C0 00 00 00 00 00 00 46") for part in ("84", "86", "82")}


def media_type(extension: str, content: Path) -> str:
    """Returns the media type to serve `content` with: what its bytes say, which `extension` only makes precise.

    `extension` is lower-case, without its dot. Content that a browser could execute is `application/octet-stream`.
    """
    with content.open("rb") as file:
        head = file.read(_HEAD)
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "application/pdf"
    is_text = b"\x00" not in head or head.startswith(_UTF16)
    for file_format in _TEXTUAL if is_text else FORMATS:
        if file_format.matches(head):
            return file_format.by_extension.get(extension, file_format.media_type)
    return TEXTS.get(extension, OCTETS) if is_text else OCTETS


def runs_as(content: Path) -> str:
    """Returns the extension of the kind of program that the bytes are, whatever their name; empty when they are none.

    The kinds are programs, scripts that say so, shortcuts, installers and disk images. A script without a mark of its
    own (PowerShell, Visual Basic) is known by its name only.
    """
    with content.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
        tail = file.read(_TAIL)
        if head.startswith(b"\xd0\xcf\x11\xe0") and _is_installer(file, head):
            return "msi"
    if head.startswith(b"MZ") and b"\x00" in head:
        return "exe"
    if head[:100].lstrip().lower().startswith(b"@echo off"):
        return "bat"
    starts = (kind for kind, signature, offset in _STARTS if head.startswith(signature, offset))
    return next(starts, "") or next((kind for kind, signature in _ENDS if tail.startswith(signature)), "")


def _is_installer(file: BinaryIO, head: bytes) -> bool:
    """Whether an OLE container is a Windows installer, a patch or a transform: its first entry has their class."""
    sector_size = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    file.seek((int.from_bytes(head[48:52], "little") + 1) * sector_size + 80)
    return file.read(16) in _INSTALLERS
