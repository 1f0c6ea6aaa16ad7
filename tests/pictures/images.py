"""Real and hostile images, made where they are used."""

import struct
import zipfile
import zlib
from io import BytesIO

import pillow_heif
from PIL import Image

RED, BLUE = (220, 40, 30), (20, 60, 200)
GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


def halves(width: int = 64, height: int = 32, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right: which side is up can be told."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image.convert(mode)


def encoded(kind: str, image: Image.Image | None = None, **options: object) -> bytes:
    content = BytesIO()
    picture = image or halves()
    if kind == "HEIF":
        pillow_heif.from_pillow(picture).save(content, quality=90, **options)
    else:
        picture.save(content, kind, **options)
    return content.getvalue()


def from_a_phone(orientation: int = 6) -> bytes:
    """A JPEG turned by its EXIF, that says where and with what it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "Marque de téléphone"
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    return encoded("JPEG", exif=exif, comment=b"un commentaire")


def frames(number: int) -> bytes:
    """An animation: the first frame is red and blue."""
    others = [Image.new("RGB", (64, 32), (level % 256, 0, 0)) for level in range(1, number)]
    return encoded("GIF", save_all=True, append_images=others, duration=10)


def declared(width: int, height: int, rows: int = 1) -> bytes:
    """A PNG whose header declares these pixels, and whose data unpacks to `rows` rows of zeros."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packer, data = zlib.compressobj(9), b""
    for _row in range(rows):
        data += packer.compress(b"\x00" * (width * 3 + 1))
    data += packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def document(pages: int = 1, width: int = 200, height: int = 100) -> bytes:
    """A PDF whose first page has a red rectangle on its left half."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(pages))
    objects.append(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages))
    drawing = b"0.86 0.16 0.12 rg 0 0 %d %d re f" % (width // 2, height)
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 3 0 R >>" % (width, height)
    objects += [page] * pages
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def zeros(megabytes: int) -> bytes:
    """An archive of a few kilobytes that unpacks to that many megabytes of zeros."""
    content = BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("zeros.bin", "w", force_zip64=True) as entry,
    ):
        for _megabyte in range(megabytes):
            entry.write(bytes(2**20))
    return content.getvalue()
