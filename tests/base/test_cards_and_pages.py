"""Tables that are neither text nor workbook: the address cards of phones, the pages that older software calls `.xls`."""

import pytest

from calypso.base.errors import Invalid
from calypso.base.table_files import read_tables

CARDS = """BEGIN:VCARD\r
VERSION:3.0\r
N:DUPONT;Élise;;Mme;\r
FN:Élise DUPONT\r
item1.EMAIL;type=INTERNET;type=HOME:perso@a.example\r
item1.EMAIL;type=INTERNET;type=WORK;type=pref:elise@a.ex\r
 ample\r
ORG:Atelier\\, Fils;Ventes\r
TEL;TYPE=CELL:tel:+33 1 02\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:L=C3=A9v=\r
y;Ana=C3=AFs\r
EMAIL:anais@b.example\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:4.0\r
FN:Sans Adresse\r
END:VCARD\r
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_address_cards(encoding: str) -> None:
    [table] = read_tables(CARDS.encode(encoding))
    assert table.rows == [
        ["E-mail", "Prénom", "Nom", "Civilité", "Nom complet", "Société", "Téléphone"],
        ["elise@a.example", "Élise", "DUPONT", "Mme", "Élise DUPONT", "Atelier, Fils", "+33 1 02"],
        ["anais@b.example", "Anaïs", "Lévy", "", "", "", ""],
        ["", "", "", "", "Sans Adresse", "", ""],
    ]


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset=utf-8><style>td{x}</style></head>
<body><table><tr><th colspan=2>Contacts</th></tr>
<tr><td>E-mail<td>Nom &amp; prénom</tr>
<tr><td>a@a.example</td><td>Élise<br>DUPONT</td></tr>
<tr><td><table><tr><td>dedans</td></tr></table>b@a.example</td><td></td></tr></table>
<table></table><table><td>seule</td></table></body></html>"""


@pytest.mark.parametrize("start", ["", "\ufeff", "\n  ", '<?xml version="1.0"?>\n', "<!DOCTYPE html>\n", "<!-- x -->"])
def test_pages_that_are_called_workbooks(start: str) -> None:
    first, second = read_tables((start + PAGE).encode())
    assert (first.name, second.name) == ("Tableau 1", "Tableau 2")
    assert first.rows == [
        ["Contacts", ""],
        ["E-mail", "Nom & prénom"],
        ["a@a.example", "Élise DUPONT"],
        ["b@a.example", ""],
    ]
    assert second.rows == [["seule"]]


def test_r59_a_page_of_too_many_cells_is_refused_or_cut() -> None:
    with pytest.raises(Invalid):
        read_tables(b"<table>" + b"<tr><td colspan=999>x</td></tr>" * 60_000 + b"</table>")


def test_a_page_without_a_table_is_said_to_be_empty() -> None:
    with pytest.raises(Invalid, match="aucune ligne"):
        read_tables(b"<html><p>Bonjour</p></html>")
