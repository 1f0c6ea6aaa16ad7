"""Small real files to attach: screenshots drawn here, a document, a table, a note."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1280, 800
INK, PALE, LINE, SHEET, BACK = "#1d2b36", "#5d7183", "#dfe6ea", "#ffffff", "#eef2f5"
ACCENT, ALERT = "#0a6e74", "#a51d1d"


def screenshot(address: str, title: str, lines: tuple[str, ...], alert: str = "") -> bytes:
    """Returns a PNG like the screenshot of a page: its address, a title, fields, and an error across it, if any."""
    image = Image.new("RGB", (WIDTH, HEIGHT), BACK)
    pen = ImageDraw.Draw(image)
    large, plain = ImageFont.load_default(34), ImageFont.load_default(22)
    pen.rectangle((0, 0, WIDTH, 64), fill=LINE)
    pen.rounded_rectangle((120, 14, 1100, 50), 18, fill=SHEET)
    pen.text((144, 20), address, PALE, plain)
    for number, color in enumerate(("#e0625b", "#e6b94d", "#58b368")):
        pen.ellipse((24 + 28 * number, 24, 40 + 28 * number, 40), fill=color)
    pen.rounded_rectangle((160, 110, 1120, 740), 14, fill=SHEET, outline=LINE, width=2)
    pen.text((210, 150), title, INK, large)
    top = 220
    if alert:
        pen.rounded_rectangle((210, top, 1070, top + 76), 10, fill="#fbe9e9", outline=ALERT, width=2)
        pen.text((236, top + 24), alert, ALERT, plain)
        top += 110
    for line in lines:
        pen.text((210, top), line, PALE, plain)
        pen.rounded_rectangle((210, top + 34, 1070, top + 82), 8, outline="#b8c5ce", width=2)
        top += 112
    pen.rounded_rectangle((210, 666, 430, 716), 9, fill=ACCENT)
    pen.text((250, 678), "Valider", SHEET, plain)
    return _png(image)


def plan(hall: str) -> bytes:
    """Returns a PNG of the plan of a hall, where three stands are missing."""
    image = Image.new("RGB", (WIDTH, HEIGHT), SHEET)
    pen = ImageDraw.Draw(image)
    pen.text((40, 28), hall, INK, ImageFont.load_default(34))
    for row in range(4):
        for column in range(8):
            left, top = 60 + 148 * column, 110 + 160 * row
            if (row, column) in ((1, 3), (1, 4), (2, 4)):
                pen.rectangle((left, top, left + 120, top + 116), outline=ALERT, width=4)
                continue
            pen.rectangle((left, top, left + 120, top + 116), fill="#d7ecec", outline=ACCENT, width=2)
            pen.text((left + 34, top + 44), f"{'ABCD'[row]}{column + 1:02}", INK, ImageFont.load_default(24))
    return _png(image)


def _png(image: Image.Image) -> bytes:
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


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


_ENROLMENT = "salon-loisirs.example/inscription/etape-2"
CONTENTS: dict[str, bytes] = {
    "capture-inscription.png": screenshot(_ENROLMENT, "Inscription", ("Raison sociale", "Stand", "Adresse")),
    "erreur-500.png": screenshot(
        _ENROLMENT, "Erreur 500", (), "Une erreur est survenue. Merci de recommencer plus tard."
    ),
    "paiement-refuse.png": screenshot(
        "exposants.salon-loisirs.example/paiement",
        "Paiement",
        ("Titulaire", "Carte"),
        "Transaction impossible : votre carte est refusee.",
    ),
    "plan-hall-4.png": plan("Hall 4"),
    "cahier-recette.pdf": document("Cahier de recette"),
    "bon-de-commande.pdf": document("Bon de commande"),
    "liste-exposants.csv": "Raison sociale;Stand;Surface\nAtelier du Jeu;B12;18\nVoyages Océan;C04;24\n".encode(),
    "console.txt": b"POST /inscription 500\nTypeError: quota is undefined\n",
}
