"""Small real files to attach: a picture, a document, a table, a note."""

import struct
import zlib


def picture(red: int = 10, green: int = 110, blue: int = 116) -> bytes:
    """Returns a PNG of 320 × 200 pixels, of one colour with a darker band, like a screenshot."""
    rows = b"".join(
        b"\x00" + (bytes((red // 2, green // 2, blue // 2)) if y < 24 else bytes((red, green, blue))) * 320
        for y in range(200)
    )

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 320, 200, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def document(line: str) -> bytes:
    """Returns a one-page PDF with the text `line` (Latin letters without accents)."""
    stream = f"BT /F1 18 Tf 72 720 Td ({line}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


CONTENTS: dict[str, bytes] = {
    "capture-inscription.png": picture(),
    "erreur-500.png": picture(165, 29, 29),
    "plan-hall-4.png": picture(138, 75, 0),
    "cahier-recette.pdf": document("Cahier de recette"),
    "bon-de-commande.pdf": document("Bon de commande"),
    "liste-exposants.csv": "Raison sociale;Stand;Surface\nAtelier du Jeu;B12;18\nVoyages Océan;C04;24\n".encode(),
    "console.txt": b"POST /inscription 500\nTypeError: quota is undefined\n",
}
