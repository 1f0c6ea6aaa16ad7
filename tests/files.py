"""Small real files for tests."""

import io
import struct
import zipfile
import zlib


def png() -> bytes:
    """A valid PNG of 4 × 4 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\x00" + bytes((10, 110, 116)) * 4 for _ in range(4))
    header = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PNG = png()
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(2048, b"\x00")


def heif(brand: bytes) -> bytes:
    """The first bytes of a picture of this brand, in the container that phones use."""
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00"


def zipped(name: str) -> bytes:
    """A ZIP archive whose first entry has this name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


def installer(part: str) -> bytes:
    """An OLE container of sectors of 512 bytes, whose root has the class of Windows' installers."""
    header = bytearray(OLE[:512])
    header[30:32] = (9).to_bytes(2, "little")
    header[48:52] = (1).to_bytes(4, "little")
    root = bytearray(512)
    root[80:96] = bytes.fromhex(f"{part}100C0000000000C000000000000046")
    return bytes(header) + bytes(512) + bytes(root)
