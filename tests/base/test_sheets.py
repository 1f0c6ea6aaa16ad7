"""Tables that people import, in the shapes that spreadsheets save, and those that are not tables."""

import datetime as dt
import zipfile
from io import BytesIO

import pytest
from xlsxwriter import Workbook

from calypso.base import sheets
from calypso.base.errors import Invalid
from calypso.base.sheets import read_table


def workbook(*rows: tuple[object, ...]) -> bytes:
    content = BytesIO()
    book = Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, dt.date):
                sheet.write_datetime(number, place, cell, day)
            else:
                sheet.write(number, place, cell)
    book.close()
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "E-mail;Nom\nada@x.example;Ångström\n".encode(),
        b"\xef\xbb\xbf" + "E-mail;Nom\r\n\r\nada@x.example; Ångström \r\n;\r\n".encode(),
        "E-mail,Nom\nada@x.example,Ångström".encode("cp1252"),
        'E-mail\tNom\n"ada@x.example"\tÅngström'.encode(),
    ],
    ids=["semicolons", "with a mark, blank lines", "commas of an old code page", "tabs and quotes"],
)
def test_a_csv_in_every_shape(content: bytes) -> None:
    rows = read_table("liste.csv", content)
    assert [row for row in rows if any(row)] == [["E-mail", "Nom"], ["ada@x.example", "Ångström"]]


def test_a_workbook() -> None:
    rows = workbook(("E-mail", "Nom", "Code", "Jour"), ("ada@x.example", "Ångström", 12.0, dt.date(2026, 5, 1)))
    assert read_table("Liste.XLSX", rows) == [
        ["E-mail", "Nom", "Code", "Jour"],
        ["ada@x.example", "Ångström", "12", "2026-05-01"],
    ]


@pytest.mark.parametrize(
    "name, content",
    [
        ("a.xlsx", b"not a zip"),
        ("a.csv", b"\x00\x01\x02"),
        ("a.csv", b'a;b\n"never closed'),
        ("a.csv", b"\x81\x8d"),
    ],
)
def test_c3_what_is_not_a_table_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(Invalid, match="lisible"):
        read_table(name, content)


def test_c3_a_zip_that_is_no_workbook_is_refused() -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("a.txt", "a")
    with pytest.raises(Invalid):
        read_table("a.xlsx", content.getvalue())


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(sheets, "_UNPACKED", 10)
    with pytest.raises(Invalid):
        read_table("a.xlsx", workbook(("a",)))


def test_too_large_or_too_long(monkeypatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    assert len(read_table("a.csv", b"a\nb\nc")) == 3, "the titles are not a row"
    with pytest.raises(Invalid):
        read_table("a.csv", b"a\nb\nc\nd")
    monkeypatch.setattr(sheets, "MOST_BYTES", 2)
    with pytest.raises(Invalid):
        read_table("a.csv", b"abc")


def test_a_workbook_packed_in_a_way_nobody_reads_is_said() -> None:
    made = bytearray(workbook())
    made[made.index(b"PK\x01\x02") + 6] = 99  # the version needed to unpack it
    with pytest.raises(Invalid) as refused:
        read_table("contacts.xlsx", bytes(made))
    assert "n’est pas lisible" in refused.value.errors["file"][0]


def test_r55_a_sheet_taller_than_any_list_is_refused_before_it_is_read() -> None:
    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet().write_string(10_000, 0, "tout en bas")
    with pytest.raises(Invalid, match="1000 lignes"):
        read_table("a.xlsx", content.getvalue())
