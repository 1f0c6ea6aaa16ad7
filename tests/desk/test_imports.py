"""Contacts imported from a table: shown first, each wrong line with its reason, nothing written before the yes."""

import json
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from calypso.accounts.actions.imports import check_contacts
from calypso.accounts.models import ColumnMapping, Membership, Organization, User
from calypso.base.errors import Invalid
from calypso.base.table_files import read_tables
from calypso.outbox.models import OutgoingEmail
from calypso.projects.models import Project
from tests.base.test_table_files import book
from tests.pages import fill, form, in_order, words
from tests.world import World

TABLE = """Civilité;Prénom;Nom;E-mail;Langue
Mme;Ada;LOVELACE;ada@alpha.example;anglais
M.;Alan;TURING;alan@alpha.example;
;Basile;USUEL;buser@beta.example;
;Denis;ECLUSE;dec@alpha.example;
;Sans;ADRESSE;;
;Pas;ADRESSE;pas-une-adresse;
;;SANSPRENOM;sansprenom@alpha.example;
Dr;Grace;HOPPER;grace@alpha.example;
;Ada;ENCORE;ADA@alpha.example;
;Agent;LENI;agent@leni.example;
;Langue;INCONNUE;langue@alpha.example;klingon
"""


def address(world: World) -> str:
    return f"/equipe/societes/{world.organization('ALPHA').key}/import/"


def sent(opened, world: World, table: str = TABLE, name: str = "contacts.csv"):
    file = SimpleUploadedFile(name, table.encode())
    return opened.post(address(world), {"act": "preview", "file": file})


def test_it_is_shown_then_written(browser, world: World) -> None:
    opened, people, mails = browser("manager"), User.objects.count(), OutgoingEmail.objects.count()
    page = sent(opened, world)
    shown = words(page)
    assert "3 contacts à inviter, 1 déjà connu, 7 lignes à corriger." in shown
    for text in (
        "6 — Sans ADRESSE Indiquez une adresse e-mail valide.",
        "8 sansprenom@alpha.example SANSPRENOM Prénom : Ce champ est obligatoire.",
        "Choisissez une civilité de la liste.",
        "Cette adresse est déjà à la ligne 2.",
        "Cette adresse a déjà un compte.",
        "Choisissez une langue de la liste.",
        "Déjà contact ailleurs : rejoint aussi cette société",
    ):
        assert text in shown, text
    assert (User.objects.count(), OutgoingEmail.objects.count()) == (people, mails), "nothing is written yet"
    fields = fill(form(page, ""), act="import")
    assert opened.post(address(world), fields).url.endswith("?fait=importes")
    ada = User.objects.get(email="ada@alpha.example")
    assert (ada.full_name, ada.civility, ada.locale) == ("Ada LOVELACE", "Mme", "en")
    assert Membership.objects.filter(user=world.buser, organization=world.organization("ALPHA"), active=True).exists()
    assert User.objects.count() == people + 2
    assert OutgoingEmail.objects.count() == mails + 3
    assert opened.post(address(world), fields).url.endswith("?fait=connus"), "twice is once"
    assert OutgoingEmail.objects.count() == mails + 3


def test_the_wrong_lines_come_back_as_a_table(browser, world: World) -> None:
    opened = browser("manager")
    page = sent(opened, world)
    answer = opened.post(address(world), fill(form(page, ""), act="wrong"))
    rows = read_tables(answer.content)[0].rows
    assert len(rows) == 8
    assert rows[0] == ["E-mail", "Prénom", "Nom", "Civilité", "Langue", "Téléphone", "Erreur"]
    assert rows[1] == ["", "Sans", "ADRESSE", "", "fr", "", "Indiquez une adresse e-mail valide."]


def test_the_model_has_the_columns(browser, world: World) -> None:
    answer = browser("manager").get(address(world) + "?modele=1")
    assert read_tables(answer.content)[0].rows == [["E-mail", "Prénom", "Nom", "Civilité", "Langue", "Téléphone"]]


def test_what_cannot_be_read_is_said(browser, world: World) -> None:
    opened = browser("manager")
    for table, said in (
        ("\n\n", "Ce fichier ne contient aucune ligne."),
        ("\x01\x02\x03", "Ce fichier n'est pas lisible"),
        ("E-mail;Nom;Prénom\n", "Ce fichier n'a pas de ligne sous ses titres."),
    ):
        answer = sent(opened, world, table)
        assert answer.status_code == 422
        assert said in words(answer)
    for rows in ("", "{}", '["a"]', "[[1,", "[" * 100_000):
        answer = opened.post(address(world), {"act": "import", "carried": rows})
        assert answer.status_code == 422
        assert "Choisissez un fichier." in words(answer)


OUTLOOK = [
    ("First Name", "Last Name", "E-mail Address"),
    ("Vorname", "Nachname", "E-Mail-Adresse"),
    ("Given Name", "Family Name", "E-mail 1 - Value"),
    ("Prénom :", "Nom*", "E-mail *"),
    ("Votre prénom", "NOM DE FAMILLE", "Adresse de messagerie"),
    ("Nombre", "Apellidos", "Correo electrónico"),
]


@pytest.mark.parametrize("heads", OUTLOOK, ids=[heads[2] for heads in OUTLOOK])
@pytest.mark.parametrize("above", ["", "Contacts Salon 2026;;\n;;\n"], ids=["plain", "under a title"])
def test_titles_in_other_words_and_places_are_understood(above: str, heads, browser, world: World) -> None:
    page = sent(browser("manager"), world, f"{above}{';'.join(heads)}\nLéa;Martin;lea@alpha.example\n")
    assert "1 contact à inviter, 0 déjà connu, 0 ligne à corriger." in words(page)
    assert in_order(page, "lea@alpha.example", "Léa", "Martin", "Sera invité")


UNKNOWN = "Identité;Patronyme;Joindre par\nLéa;Martin;lea@alpha.example\nZoé;Petit;zoe@alpha.example\n"


def test_columns_that_nobody_understands_are_asked_then_remembered(browser, world: World) -> None:
    opened = browser("manager")
    page = sent(opened, world, UNKNOWN)
    assert page.status_code == 200
    assert in_order(page, "Quelle colonne est quoi ?", "Identité", "Patronyme", "Joindre par", "zoe@alpha.example")
    fields = form(page, "")
    missing = opened.post(address(world), fill(fields, act="map", c0="first_name", c2="email"))
    assert missing.status_code == 422
    assert "Dites quelle colonne contient : Nom." in words(missing)
    assert 'value="email" selected' in missing.text, "what was said is not asked again"
    chosen = fill(form(missing, ""), act="map", c0="first_name", c1="last_name", c2="email", first="2")
    preview = opened.post(address(world), chosen)
    assert "2 contacts à inviter" in words(preview)
    written = opened.post(address(world), fill(form(preview, ""), act="import"))
    assert written.url.endswith("?fait=importes")
    assert User.objects.get(email="zoe@alpha.example").full_name == "Zoé PETIT"
    assert str(ColumnMapping.objects.get()) == "columns of contacts"
    again = sent(browser("admin"), world, UNKNOWN.replace("lea@", "leo@"))
    assert "1 contact à inviter, 1 déjà connu" in words(again)


@pytest.mark.parametrize(
    "table",
    [
        "BEGIN:VCARD\r\nN:LOVELACE;Ada\r\nFN:Ada LOVELACE\r\nEMAIL:ada@alpha.example\r\nEND:VCARD\r\n",
        "<table><tr><th>E-mail<th>Nom complet</tr><tr><td>ada@alpha.example<td>LOVELACE, Ada</tr></table>",
        "Nom et prénom;Adresse mail\nAda LOVELACE;ada@alpha.example",
        "E-mail;Display Name;First Name;Last Name\nada@alpha.example;Autre Chose;Ada;LOVELACE",
    ],
)
def test_address_books_pages_and_whole_names_are_read(table: str, browser, world: World) -> None:
    opened = browser("manager")
    page = sent(opened, world, table, "contacts.xls")
    assert "1 contact à inviter" in words(page)
    opened.post(address(world), fill(form(page, ""), act="import"))
    ada = User.objects.get(email="ada@alpha.example")
    assert (ada.first_name, ada.last_name) == ("Ada", "LOVELACE")


def test_an_import_that_knows_no_columns_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="Aucune ligne ne nomme les colonnes nécessaires"):
        check_contacts(world.admin, organization=world.organization("ALPHA"), rows=[["Identité"], ["Léa"]])


def test_a_table_without_titles_is_read_from_its_first_line(browser, world: World) -> None:
    opened = browser("manager")
    page = sent(opened, world, "Léa;Martin;lea@alpha.example\nZoé;Petit;zoe@alpha.example\n")
    chosen = fill(form(page, ""), act="map", c0="first_name", c1="last_name", c2="email")
    preview = opened.post(address(world), chosen)
    assert in_order(preview, "2 contacts à inviter", "1 lea@alpha.example", "2 zoe@alpha.example")
    assert opened.post(address(world), fill(form(preview, ""), act="import")).url.endswith("?fait=importes")


def test_columns_understood_amiss_are_said_otherwise_and_remembered_so(browser, world: World) -> None:
    opened, table = browser("manager"), "E-mail;Prénom;Nom\nlea@alpha.example;MARTIN;Léa\n"
    asked = opened.post(address(world), fill(form(sent(opened, world, table), ""), act="columns"))
    assert in_order(asked, "Quelle colonne est quoi ?", "E-mail", "MARTIN")
    said = opened.post(address(world), fill(form(asked, ""), act="map", c1="last_name", c2="first_name"))
    assert in_order(said, "lea@alpha.example", "Léa", "MARTIN", "Sera invité")
    opened.post(address(world), fill(form(said, ""), act="import"))
    again = sent(opened, world, table.replace("lea@", "zoe@"))
    assert in_order(again, "zoe@alpha.example", "Léa", "MARTIN", "Sera invité")
    asked = opened.post(address(world), fill(form(again, ""), act="columns"))
    said = opened.post(address(world), fill(form(asked, ""), act="map", c1="first_name", c2="last_name"))
    opened.post(address(world), fill(form(said, ""), act="import"))
    assert not ColumnMapping.objects.exists(), "what the titles say by themselves is not remembered"


def test_another_sheet_of_the_workbook_is_read(browser, world: World) -> None:
    opened, people = browser("manager"), (("E-mail", "Prénom", "Nom"), ("lea@alpha.example", "Léa", "Martin"))
    content = book(
        {"Notes": (("à lire",),), "Exposants": people, "Anciens": (people[0], ("zoe@x.example", "Zoé", "P"))}
    )
    page = opened.post(address(world), {"act": "preview", "file": SimpleUploadedFile("c.xlsx", content)})
    assert "lea@alpha.example" in words(page), "the first sheet that names its columns"
    other = opened.post(address(world), fill(form(page, ""), act="sheet", sheet="2"))
    assert "zoe@x.example" in words(other)
    notes = opened.post(address(world), fill(form(page, ""), act="sheet", sheet="0"))
    assert in_order(notes, "Quelle colonne est quoi ?", "à lire")


@pytest.mark.parametrize(
    "columns", ["", "null", "[1]", '[0, {"email": -1}]', '[0, {"email": "x"}]', "[0, 5]", "[" * 5000]
)
def test_r4_forged_columns_are_not_believed(columns: str, browser, world: World) -> None:
    carried = json.dumps([["", [["E-mail", "Prénom", "Nom"], ["lea@alpha.example", "Léa", "Martin"]]]])
    answer = browser("manager").post(
        address(world), {"act": "preview", "carried": carried, "columns": columns, "sheet": "99"}
    )
    assert "1 contact à inviter" in words(answer)


def test_a_line_is_called_by_its_number_in_the_file(browser, world: World) -> None:
    table = "\nE-mail;Prénom;Nom\n\nbon@x.example;Ada;B\n;;\nsans-arobase;C;D\n\n"
    page = sent(browser("manager"), world, table)
    assert re.findall(r'<tr><td class="num">(\d+)</td>', page.content.decode()) == ["6", "4"]


def test_r55_rows_carried_by_the_page_are_no_more_than_a_file_may_hold(browser, world: World) -> None:
    people = [[f"a{number}@b.example", "A", "B"] for number in range(1001)]
    rows = json.dumps([["", [["E-mail", "Prénom", "Nom"], *people]]])
    answer = browser("manager").post(address(world), {"act": "import", "carried": rows})
    assert answer.status_code == 422
    assert "Au plus 1000 lignes à la fois." in words(answer)


@pytest.mark.parametrize("act", ["preview", "wrong", "import"])
def test_r57_half_a_sign_in_carried_rows_is_read(act: str, browser, world: World) -> None:
    rows = '[["", [["E-mail","Prénom","Nom"],["sans-arobase","\\ud800","C"]]]]'
    assert browser("manager").post(address(world), {"act": act, "carried": rows}).status_code in (200, 302)


def test_r4_forged_rows_are_checked_again(browser, world: World) -> None:
    rows = json.dumps([["", [["E-mail", "Prénom", "Nom"], ["agent@leni.example", "X", "Y"], [1, 2, 3]]]])
    answer = browser("manager").post(address(world), {"act": "import", "carried": rows})
    assert answer.url.endswith("?fait=connus")
    assert not Membership.objects.filter(user=world.agent, organization=world.organization("ALPHA")).exists()


def test_r2_only_those_who_manage_clients(browser, world: World) -> None:
    assert browser("agent").post(address(world), {"act": "import", "rows": "[]"}).status_code == 403
    assert browser("pm").post(address(world), {"act": "import", "rows": "[]"}).status_code == 404


PROJECTS = """Société;Projet;Date évènement;Chef de projet;Chef de projet client;Paramétrage;Support
GAMMA;Salon du livre;28/01/2027;manager@leni.example;;agent@leni.example;support@leni.example
gamma;Salon du bois;2027-02-01;MANAGER@leni.example;;;
DELTA;;;;;;
ALPHA;Été des métiers;;manager@leni.example;pm@alpha.example;;
ALPHA;Été des métiers;;manager@leni.example;;;
ALPHA;Sans chef;;;;;
ALPHA;Mauvaise date;31/02/2027;manager@leni.example;;;
ALPHA;Inconnue;;personne@leni.example;;;
EPSILON;Client d'ailleurs;;manager@leni.example;pm@alpha.example;;
;Sans société;;manager@leni.example;;;
BETA;;;;;;
"""
PROJECTS_AT = "/equipe/projets/import/"


def test_projects_are_shown_then_written_with_their_companies(browser, world: World) -> None:
    opened, known = browser("manager"), Organization.objects.count()
    page = opened.post(PROJECTS_AT, {"act": "preview", "file": SimpleUploadedFile("p.csv", PROJECTS.encode())})
    shown = words(page)
    assert "4 lignes à ajouter, 2 déjà connus, 5 lignes à corriger." in shown
    for text in (
        "Choisissez un chef de projet de l'équipe.",
        "« 31/02/2027 » n'est pas une date, comme 28/01/2027.",
        "Personne n'a l'adresse personne@leni.example.",
        "Choisissez un contact de cette société.",
        "Société : Ce champ est obligatoire.",
        "Sera ajouté, avec sa société",
        "Sera ajouté à sa société",
    ):
        assert text in shown, text
    assert Organization.objects.count() == known, "nothing is written yet"
    fields = fill(form(page, ""), act="import")
    assert opened.post(PROJECTS_AT, fields)["Location"] == "/equipe/projets/?fait=projets-importes"
    assert set(Organization.objects.values_list("name", flat=True)) >= {"GAMMA", "DELTA"}
    assert not Organization.objects.filter(name="EPSILON").exists(), "a wrong line leaves no company behind"
    book = Project.objects.get(name="Salon du livre")
    assert (book.organization.name, book.event_date, book.setup_agent, book.support) == (
        "GAMMA",
        date(2027, 1, 28),
        world.agent,
        world.support,
    )
    assert Project.objects.get(name="Salon du bois").organization == book.organization
    assert Project.objects.get(name="Été des métiers").client_manager == world.pm
    assert opened.post(PROJECTS_AT, fields)["Location"] == "/equipe/projets/?fait=connus", "twice is once"


def test_the_wrong_projects_come_back_and_the_model_has_the_columns(browser, world: World) -> None:
    opened = browser("manager")
    page = opened.post(PROJECTS_AT, {"act": "preview", "file": SimpleUploadedFile("p.csv", PROJECTS.encode())})
    rows = read_tables(opened.post(PROJECTS_AT, fill(form(page, ""), act="wrong")).content)[0].rows
    assert len(rows) == 6
    assert rows[2][-1] == "« 31/02/2027 » n’est pas une date, comme 28/01/2027.".replace("« ", "«\u202f").replace(
        " »", "\u202f»"
    )
    model = read_tables(opened.get(f"{PROJECTS_AT}?modele=1").content)[0].rows
    assert model == [PROJECTS.splitlines()[0].split(";")]
    answer = opened.post(PROJECTS_AT, {"act": "preview", "file": SimpleUploadedFile("p.csv", b"Nom\nA")})
    assert in_order(answer, "Quelle colonne est quoi ?", "Société *", "Nom")
    assert browser("agent").post(PROJECTS_AT, {"act": "import", "rows": "[]"}).status_code == 403
