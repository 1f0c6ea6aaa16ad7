"""Everything is taken except what runs, under any name; the bytes say the type that is served (R63, R64, decision 27)."""

import pytest

from calypso.base.uploads import RefusedFile, accepted_type
from tests.files import JPEG, OLE, PDF, PNG, heif, installer, zipped

OCTETS = "application/octet-stream"
OFFICE = "application/vnd.openxmlformats-officedocument"
SHEET, DOCUMENT = f"{OFFICE}.spreadsheetml.sheet", f"{OFFICE}.wordprocessingml.document"

TAKEN = [
    # A picture under the name of another: what a phone, a browser or a chat saves.
    ("IMG_0413.HEIC", JPEG, "image/jpeg"),
    ("capture.jpg", PNG, "image/png"),
    ("photo.jpg", b"RIFF\x10\x00\x00\x00WEBPVP8 \x00", "image/webp"),
    ("photo.jpeg", heif(b"heic"), "image/heic"),
    ("photo.heif", heif(b"mif1"), "image/heic"),
    ("photo.avif", heif(b"avif"), "image/avif"),
    ("anime.png", b"GIF89a\x01\x00\x01\x00", "image/gif"),
    ("scan.tif", b"II*\x00\x08\x00", "image/tiff"),
    ("dessin.bmp", b"BM\x36\x00\x00\x00\x00\x00", "image/bmp"),
    ("note.txt", PNG, "image/png"),
    # Documents with a password, with macros, under an older or a newer name.
    ("tarifs.xlsx", OLE, SHEET),
    ("contrat.docx", OLE, DOCUMENT),
    ("tarifs.xls", OLE, "application/vnd.ms-excel"),
    ("message.msg", OLE, "application/vnd.ms-outlook"),
    ("plan.mpp", OLE, OCTETS),
    ("tarifs.xlsx", zipped("[Content_Types].xml"), SHEET),
    ("macro.xlsm", zipped("[Content_Types].xml"), "application/vnd.ms-excel.sheet.macroEnabled.12"),
    ("macro.docm", zipped("[Content_Types].xml"), "application/vnd.ms-word.document.macroEnabled.12"),
    ("lettre.odt", zipped("mimetype"), "application/vnd.oasis.opendocument.text"),
    ("lettre.pages", zipped("Index/Document.iwa"), OCTETS),
    ("lettre.doc", b"{\\rtf1\\ansi Bonjour}", "application/rtf"),
    ("lettre.rtf", b"{\\rtf1\\ansi Bonjour}", "application/rtf"),
    ("export.xls", b"<html><table><tr><td>1</td></tr></table>", OCTETS),
    # PDF after what scanners and servers put before it.
    ("scan.pdf", PDF, "application/pdf"),
    ("scan.pdf", b"\r\n\r\n" + PDF, "application/pdf"),
    ("scan.pdf", b"\xef\xbb\xbf" + PDF, "application/pdf"),
    ("scan.pdf", b" " * 1000 + PDF, "application/pdf"),
    ("logo.ai", PDF, "application/pdf"),
    ("scan.pdf", b" " * 2000 + PDF, OCTETS),
    ("faux.pdf", b"pas un pdf", OCTETS),
    # Text in any encoding; what a browser would execute is never served as it says.
    ("journal.log", "\ufeffdémarré à 9 h".encode("utf-16-le"), "text/plain"),
    ("journal.txt", b"\xfe\xff" + "démarré".encode("utf-16-be"), "text/plain"),
    ("journal.log", "démarré".encode("latin-1"), "text/plain"),
    ("exposants.csv", b"a;b\n1;2", "text/csv"),
    ("salon.ics", b"BEGIN:VCALENDAR", "text/calendar"),
    ("carte.vcf", b"BEGIN:VCARD", "text/vcard"),
    ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", OCTETS),
    ("page.html", b"<script>alert(1)</script>", OCTETS),
    ("donnees.json", b"{}", OCTETS),
    ("donnees.xml", b"<?xml version='1.0'?><a/>", OCTETS),
    ("style.css", b"a{}", OCTETS),
    ("MZ.txt", b"MZ-12 est le stand du fond", "text/plain"),
    ("BM.txt", b"BM est le code du hall", "text/plain"),
    # What a trade brings.
    ("plan.dwg", b"AC1032\x00\x00\x00", OCTETS),
    ("logo.eps", b"%!PS-Adobe-3.0 EPSF-3.0", "application/postscript"),
    ("maquette.psd", b"8BPS\x00\x01", "image/vnd.adobe.photoshop"),
    ("archive.7z", b"7z\xbc\xaf\x27\x1c\x00\x04", "application/x-7z-compressed"),
    ("archive.rar", b"Rar!\x1a\x07\x01\x00", "application/vnd.rar"),
    ("archive.zip", zipped("setup.exe"), "application/zip"),
    ("archive.tar.gz", b"\x1f\x8b\x08\x00", "application/gzip"),
    ("video.mov", b"\x00\x00\x00\x14ftypqt  ", "video/quicktime"),
    ("video.mp4", b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
    ("message.m4a", b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
    ("message.mp3", b"ID3\x04\x00", "audio/mpeg"),
    ("police.ttf", b"\x00\x01\x00\x00", OCTETS),
    ("sans-extension", b"x", OCTETS),
    ("hasard.png", b"\x01\x02\x00\x04", OCTETS),
    ("IMPORT.CSV", b"a;b", "text/csv"),
]

REFUSED_BY_NAME = [
    *("exe", "EXE", "com", "scr", "dll", "bat", "cmd", "ps1", "vbs", "js", "hta", "sh", "py", "php", "jar", "lnk"),
    *("url", "desktop", "reg", "msi", "msix", "apk", "deb", "rpm", "pkg", "appimage", "iso", "dmg", "vhd", "vhdx"),
    "pdf.exe",
    "jpg .exe",
]

REFUSED_BY_BYTES = {
    "a program of Windows": b"MZ\x90\x00\x03\x00\x00\x00",
    "a program of Linux": b"\x7fELF\x02\x01\x01",
    "a program of macOS": b"\xcf\xfa\xed\xfe\x07\x00",
    "a program for two processors": b"\xca\xfe\xba\xbe\x00\x00\x00\x02",
    "a shell script": b"#!/bin/bash\nrm -rf /",
    "another shell script": b"#! /usr/bin/env python3\n",
    "a batch": b"\r\n@ECHO OFF\r\ndel *.*",
    "a shortcut of Windows": b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00",
    "a shortcut to a page": b"[InternetShortcut]\r\nURL=file://serveur/x",
    "a shortcut of Linux": b"[Desktop Entry]\nExec=sh",
    "keys of the registry": b"Windows Registry Editor Version 5.00",
    "keys of the registry, in UTF-16": "\ufeffWindows Registry Editor".encode("utf-16-le"),
    "an installer of Windows": installer("84"),
    "a patch of Windows": installer("86"),
    "a package of Debian": b"!<arch>\ndebian-binary   ",
    "a package of Red Hat": b"\xed\xab\xee\xdb\x03\x00",
    "a package of macOS": b"xar!\x00\x1c\x00\x01",
    "an archive of Java": zipped("META-INF/MANIFEST.MF"),
    "an application of Android": zipped("AndroidManifest.xml"),
    "an image of a disc": b"\x00" * 32769 + b"CD001\x01",
    "an image of macOS": b"x" * 2000 + b"koly" + b"\x00" * 508,
    "a virtual disk": b"vhdxfile\x00",
    "an older virtual disk": b"\x00" * 1000 + b"conectix" + b"\x00" * 504,
}


@pytest.fixture
def stored(tmp_path):
    def write(content: bytes):
        path = tmp_path / "content"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("name, content, expected", TAKEN, ids=[f"{name}-{kind}" for name, _, kind in TAKEN])
def test_r63_r64_it_is_taken_and_served_as_what_its_bytes_are(name: str, content: bytes, expected: str, stored) -> None:
    assert accepted_type(name, stored(content)) == expected


@pytest.mark.parametrize("extension", REFUSED_BY_NAME)
def test_r64_what_runs_is_refused_by_its_name(extension: str, stored) -> None:
    with pytest.raises(RefusedFile, match=rf"facture\.{extension}"):
        accepted_type(f"facture.{extension}", stored(b"rien de visible"))


@pytest.mark.parametrize("what", REFUSED_BY_BYTES)
@pytest.mark.parametrize("name", ["facture.pdf", "photo.jpg", "sans-extension"])
def test_r64_what_runs_is_refused_under_any_name(what: str, name: str, stored) -> None:
    with pytest.raises(RefusedFile, match=name):
        accepted_type(name, stored(REFUSED_BY_BYTES[what]))


def test_an_empty_file_is_refused_in_words(stored) -> None:
    with pytest.raises(RefusedFile, match=r"photo\.jpg.* est vide"):
        accepted_type("photo.jpg", stored(b""))


def test_the_list_is_the_vendor_s(stored, settings) -> None:
    settings.REFUSED_FILES = frozenset({"xlsm"})
    assert accepted_type("outil.exe", stored(b"MZ\x90\x00")) == OCTETS
    with pytest.raises(RefusedFile, match="macro"):
        accepted_type("macro.xlsm", stored(zipped("[Content_Types].xml")))


@pytest.mark.parametrize("length", [4, 30, 52, 100, 600])
def test_a_container_that_is_cut_short_is_no_fault(length: int, stored) -> None:
    assert accepted_type("tarifs.xls", stored(installer("84")[:length].ljust(8, b"\x00"))) in {
        "application/vnd.ms-excel",
        OCTETS,
    }
