"""What may be attached and what it may be called (R64, R65)."""

import io
import zipfile

import pytest

from calypso.base.uploads import KINDS, RefusedFile, accepted_extensions, clean_name, media_type
from tests.files import PDF, PNG


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


@pytest.mark.parametrize(
    "given, expected",
    [
        ("capture.png", "capture.png"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\fakepath\\bon.pdf", "bon.pdf"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        ("a\nb\x00.txt", "ab.txt"),
        ("photo\u202egnp.exe", "photognp.exe"),
        (".htaccess", "htaccess"),
        ("fin. . ", "fin"),
        ("", "fichier"),
        ("...", "fichier"),
        ("con.txt", "fichier.txt"),
        ("LPT1", "fichier"),
        ("e\u0301te\u0301.png", "été.png"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("y" * 300, "y" * 150),
    ],
)
def test_r65_a_file_name_is_never_a_path_nor_a_trick(given: str, expected: str) -> None:
    assert clean_name(given) == expected


@pytest.mark.parametrize(
    "name, content, expected",
    [
        ("a.png", PNG, "image/png"),
        ("a.pdf", PDF, "application/pdf"),
        ("a.txt", "Été".encode(), "text/plain"),
        ("a.csv", b"a;b\n1;2", "text/csv"),
        ("a.zip", _zip(), "application/zip"),
        ("a.docx", _zip(), KINDS[".docx"].media_type),
        ("a.json", b"{}", "application/octet-stream"),
    ],
)
def test_r64_accepted_kinds(name: str, content: bytes, expected: str, tmp_path) -> None:
    path = tmp_path / "content"
    path.write_bytes(content)
    assert media_type(name, path) == expected


@pytest.mark.parametrize(
    "name, content",
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("outil.exe", b"MZ\x90"),
        ("sans-extension", b"x"),
        ("photo.png.html", PNG),
        ("photo.png", b"<html><script>alert(1)</script></html>"),
        ("photo.png", PDF),
        ("photo.jpg", PNG),
        ("note.txt", b"MZ\x90\x00binaire"),
        ("note.txt", PNG),
        ("note.txt", _zip()),
        ("bon.pdf", b"pas un pdf"),
        ("vide.png", b""),
        ("hasard.png", b"\x01\x02\x03\x04"),
    ],
)
def test_r64_r71_refused_kinds_are_named(name: str, content: bytes, tmp_path) -> None:
    path = tmp_path / "content"
    path.write_bytes(content)
    with pytest.raises(RefusedFile, match=name):
        media_type(name, path)


def test_the_accepted_extensions_are_those_of_the_table() -> None:
    assert accepted_extensions().split(",") == sorted(KINDS)
