"""Tables that people import, in the shapes that spreadsheets and address books save, and those that are not tables."""

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from calypso.base import isolation, table_files, workbook_program
from calypso.base.errors import Invalid
from calypso.base.table_files import Table, carried_tables, read_tables

SAMPLES = Path(__file__).parent / "tables"
HEADS = ["E-mail", "Prénom", "Nom"]
LEA = ["lea.martin@client.example", "Léa", "Martin"]
PLAIN = "E-mail;Prénom;Nom\r\nlea.martin@client.example;Léa;Martin\r\n"


def workbook(*rows: tuple[object, ...]) -> bytes:
    return book({"Feuille": rows})


def book(sheets: dict[str, tuple[tuple[object, ...], ...]]) -> bytes:
    content = BytesIO()
    made = Workbook(content, {"in_memory": True})
    day = made.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, place, cell, day)
                else:
                    sheet.write(number, place, cell)
    made.close()
    return content.getvalue()


def filled(content: bytes) -> list[list[str]]:
    return [[cell for cell in row if cell] for row in read_tables(content)[0].rows if any(row)]


ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "latin-1",
    "cp850",
    "mac_roman",
]


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"], ids=["Windows", "Unix", "old Mac"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_and_line_end(encoding: str, ends: str) -> None:
    assert filled(PLAIN.replace("\r\n", ends).encode(encoding)) == [HEADS, LEA]


@pytest.mark.parametrize(
    "name, encoding",
    [("Noël", "cp1252"), ("Müller", "cp1252"), ("François", "mac_roman"), ("Hélène", "mac_roman"), ("Gaël", "cp850")],
)
def test_accented_letters_tell_the_code_page(name: str, encoding: str) -> None:
    table = f"E-mail;Prénom;Nom\r\na@b.example;{name};Lefèvre\r\n".encode(encoding)
    assert filled(table)[1] == ["a@b.example", name, "Lefèvre"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("before", ["", "Contacts, salon; 2026\r\n", "\r\n\r\n"])
def test_every_separator_whatever_stands_above(separator: str, before: str) -> None:
    assert filled((before + PLAIN.replace(";", separator)).encode())[-2:] == [HEADS, LEA]


@pytest.mark.parametrize("line", ["sep=;", "sep=,", '"sep=;"', "SEP=\t"])
def test_the_separator_that_excel_declares(line: str) -> None:
    separator = line.strip('"')[-1]
    rows = read_tables(f"{line}\r\n{PLAIN.replace(';', separator)}".encode())[0].rows
    assert rows == [[], HEADS, LEA], "lines keep their numbers"


@pytest.mark.parametrize(
    "line, expected",
    [
        ('b@x.example;"Bob" Jr;X', ["b@x.example", "Bob Jr", "X"]),
        ('b@x.example;Bob "Jr" ;X', ["b@x.example", 'Bob "Jr"', "X"]),
        ('b@x.example;5" écran;X', ["b@x.example", '5" écran', "X"]),
        ('b@x.example;"Bob;X', ["b@x.example", '"Bob', "X"]),
        ('"b@x.example";"Bob ""Jr""";"X;Y"', ["b@x.example", 'Bob "Jr"', "X;Y"]),
        ('b@x.example;"Bob\r\nJr";X', ["b@x.example", "Bob Jr", "X"]),
    ],
)
def test_a_stray_quote_spoils_its_line_at_most(line: str, expected: list[str]) -> None:
    table = f"E-mail;Prénom;Nom\r\n{line}\r\nlea.martin@client.example;Léa;Martin\r\n" + "a@b.example;A;B\r\n" * 60
    rows = [row for row in read_tables(table.encode())[0].rows if row]
    assert (rows[0], rows[1], rows[2], len(rows)) == (HEADS, expected, LEA, 63)


def test_a_line_is_numbered_as_in_the_file_after_a_cell_of_several_lines() -> None:
    rows = read_tables(b'a;b\n"un\ndeux\ntrois";c\nd;e\n')[0].rows
    assert rows == [["a", "b"], ["un deux trois", "c"], [], [], ["d", "e"]]


@pytest.mark.parametrize("sign", ["\u200b", "\u00a0", "\ufeff", "\u200e", "\u00ad", " \u200b\u00a0 "])
def test_invisible_signs_round_a_cell_are_taken_out(sign: str) -> None:
    table = f"E-mail;Nom\n{sign}lea@x.example{sign};{sign}Martin{sign}\n"
    assert read_tables(table.encode())[0].rows[1] == ["lea@x.example", "Martin"]


def test_a_workbook() -> None:
    rows = workbook(("E-mail", "Nom", "Code", "Jour"), ("ada@x.example", "Ångström", 12.0, dt.date(2026, 5, 1)))
    assert read_tables(rows) == [
        Table("Feuille", [["E-mail", "Nom", "Code", "Jour"], ["ada@x.example", "Ångström", "12", "2026-05-01"]])
    ]


def test_every_sheet_of_a_workbook_that_has_rows() -> None:
    content = book({"Vide": (), "Notes": (("à lire",),), "Contacts": ((), ("E-mail",), ("a@b.example",))})
    assert read_tables(content) == [
        Table("Notes", [["à lire"]]),
        Table("Contacts", [[""], ["E-mail"], ["a@b.example"]]),
    ]


@pytest.mark.parametrize("name", ["contacts.xls", "contacts.ods"])
def test_the_workbooks_of_other_programs(name: str) -> None:
    content = (SAMPLES / name).read_bytes()
    assert filled(content) == [HEADS, LEA]


@pytest.mark.parametrize(
    "content",
    [
        b"a;" + b"x" * 140_000,
        b"x" * 140_000 + b"\nb;c",
        b"PK\x03\x04not a zip",
        b"\x00\x01\x02",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 80,
    ],
)
def test_c3_what_is_not_a_table_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="lisible"):
        read_tables(content)


def test_c3_a_zip_that_is_no_workbook_is_refused() -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("a.txt", "a")
    with pytest.raises(Invalid, match="lisible"):
        read_tables(content.getvalue())


def test_a_workbook_with_a_password_is_said() -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    with pytest.raises(Invalid, match="protégé par un mot de passe"):
        read_tables(content)


ENCRYPTED = b"""><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data></manifest:encryption-data>
</manifest:file-entry></manifest:manifest>"""


def test_an_open_document_with_a_password_is_said() -> None:
    content = BytesIO()
    with zipfile.ZipFile(SAMPLES / "contacts.ods") as plain, zipfile.ZipFile(content, "w") as locked:
        for entry in plain.infolist():
            text = plain.read(entry).replace(b"/>", ENCRYPTED) if "manifest" in entry.filename else plain.read(entry)
            locked.writestr(entry, text)
    with pytest.raises(Invalid, match="protégé par un mot de passe"):
        read_tables(content.getvalue())


def test_a_sheet_that_is_a_chart_is_left_out() -> None:
    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as made:
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=Contacts!$A$1:$A$2"})
        made.add_chartsheet("Courbe").set_chart(chart)
        made.add_worksheet("Contacts").write_column(0, 0, ["E-mail", "a@b.example"])
    assert [table.name for table in read_tables(content.getvalue())] == ["Contacts"]


def test_a_workbook_packed_in_a_way_nobody_reads_is_said() -> None:
    made = bytearray(workbook())
    made[made.index(b"PK\x01\x02") + 6] = 99  # the version needed to unpack it
    with pytest.raises(Invalid, match="lisible"):
        read_tables(bytes(made))


def test_r70_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(workbook_program.UNPACKED + 1))
    with pytest.raises(Invalid, match="lisible"):
        read_tables(content.getvalue())


def test_r70_a_workbook_that_lies_about_its_length_is_read_up_to_it() -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(100 * 2**20))
    lying = bytearray(content.getvalue())
    place = lying.index(b"PK\x01\x02") + 24
    lying[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Invalid, match="lisible"):
        read_tables(bytes(lying))


def test_r57_a_cell_at_the_end_of_the_world_stops_the_reader_alone() -> None:
    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_string(0, 0, "tout en haut")
        sheet.write_string(1_048_575, 16_383, "tout en bas")
    with pytest.raises(Invalid, match="lisible"):
        read_tables(content.getvalue())


def test_r57_a_reader_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(isolation.Died):
        isolation.run("calypso.base.workbook_program", workbook(("a",)), megabytes=1024, seconds=0)


def test_too_large_or_too_long(monkeypatch) -> None:
    monkeypatch.setattr(table_files, "MOST_ROWS", 2)
    monkeypatch.setattr(table_files, "HEADING_ROWS", 1)
    assert len(read_tables(b"a\nb\nc")[0].rows) == 3, "the titles are not a row"
    with pytest.raises(Invalid, match="2 lignes"):
        read_tables(b"a\nb\nc\nd")
    two = book({"Un": (("a",),), "Deux": (("b",),) * 9})
    assert [table.name for table in read_tables(two)] == ["Un"], "a later sheet is left out"
    monkeypatch.setattr(table_files, "MOST_LETTERS", 10)
    with pytest.raises(Invalid, match="trop grand"):
        read_tables(b"a;b;c;d")
    monkeypatch.setattr(table_files, "MOST_BYTES", 2)
    with pytest.raises(Invalid, match="trop grand"):
        read_tables(b"abc")


def test_r55_a_sheet_taller_than_any_list_is_refused() -> None:
    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as made:
        made.add_worksheet().write_string(10_001, 0, "tout en bas")
    with pytest.raises(Invalid, match="1000 lignes"):
        read_tables(content.getvalue())


@pytest.mark.parametrize("text", ["", "{}", '["a"]', "[[1,", "[" * 100_000, "[1]", '[["", 1]]', "null"])
def test_r4_carried_tables_are_read_with_care(text: str) -> None:
    with pytest.raises(Invalid, match="Choisissez"):
        carried_tables(text)
