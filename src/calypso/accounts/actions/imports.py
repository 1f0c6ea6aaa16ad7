"""The import of a company's contacts from a table: rows are checked one by one, then added together (I8)."""

from collections.abc import Mapping

from django.db import transaction

from calypso.accounts import contact_cells
from calypso.accounts.access import require
from calypso.accounts.actions.people import Identity, check_identity, invite_contact
from calypso.accounts.capabilities import Capability
from calypso.accounts.column_mappings import remember_headings
from calypso.accounts.emails import email_key
from calypso.accounts.models import Membership, Organization, User
from calypso.base import journal
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.importing import READY, Columns, Fate, Headings, Line, Rows, cells, find_headings
from calypso.base.text import fold

CONTACTS = "contacts"
# The titles that address books and forms write, in several languages. Of several columns, the first named here is read.
COLUMNS: Columns = {
    "email": (
        *("e mail", "email", "mail", "courriel", "adresse e mail", "adresse email", "adresse mail", "adresse courriel"),
        *("votre e mail", "votre email", "votre adresse e mail", "adresse electronique", "adresse de messagerie"),
        *("mel", "email address", "e mail address", "e mail 1 value", "email 1 value", "primary email", "work email"),
        *("e mail adresse", "e mailadresse", "mailadresse", "e mailadres", "emailadres", "correo electronico"),
        *("correo", "direccion de correo electronico", "direccion de correo", "indirizzo e mail", "indirizzo email"),
        *("posta elettronica", "endereco de e mail"),
    ),
    "first_name": (
        *("prenom", "prenoms", "votre prenom", "first name", "firstname", "given name", "forename", "vorname"),
        *("voornaam", "nombre", "nome"),
    ),
    "last_name": (
        *("nom", "nom de famille", "votre nom", "last name", "lastname", "family name", "surname", "nachname"),
        *("familienname", "achternaam", "apellidos", "apellido", "cognome", "sobrenome", "name"),
    ),
    "full_name": (
        *("nom complet", "nom et prenom", "nom prenom", "prenom nom", "prenom et nom", "full name", "display name"),
        *("file as", "interlocuteur", "vollstandiger name", "nombre completo", "nome completo"),
    ),
    "civility": ("civilite", "titre", "titre de civilite", "title", "name prefix", "prefix", "anrede", "tratamiento"),
    "phone": (
        *(
            "telephone",
            "tel",
            "numero de telephone",
            "telephone professionnel",
            "telephone bureau",
            "tel professionnel",
        ),
        *("phone", "business phone", "work phone", "phone 1 value", "primary phone", "telefon", "telefoon", "telefono"),
        *("telephone mobile", "mobile", "portable", "mobile phone", "mobiltelefon", "movil", "cellulare", "telemovel"),
    ),
    "locale": ("langue", "language", "sprache", "taal", "idioma", "lingua"),
}
NEEDED = (("email", "first_name", "last_name"), ("email", "full_name"))
_LOCALES = {"": "fr", "francais": "fr", "french": "fr", "anglais": "en", "english": "en"}


type ContactLine = Line[Identity]


def check_contacts(
    by: User, *, organization: Organization, rows: Rows, headings: Headings | None = None
) -> list[ContactLine]:
    """Returns what importing these rows would do, line by line. Writes nothing.

    `headings` says what the columns are; without it, one of the first rows does. For those who manage clients. Raises
    Invalid (`file`) when a needed column is missing or no line follows the titles.
    """
    require(by, Capability.MANAGE_CLIENTS)
    refusal = _("Aucune ligne ne nomme les colonnes nécessaires : E-mail, Prénom, Nom.")
    numbered_rows = cells(rows, headings, COLUMNS, NEEDED, refusal, _("Ce fichier n'a pas de ligne sous ses titres."))
    identities = [(number, _identity(row)) for number, row in numbered_rows]
    keys = {email_key(identity.email) for _number, identity in identities}
    people_by_key = {person.email_key: person for person in User.objects.filter(email_key__in=keys)}
    member_ids = set(
        Membership.objects.filter(organization=organization, active=True, user__in=people_by_key.values()).values_list(
            "user_id", flat=True
        )
    )
    lines: list[ContactLine] = []
    first_at: dict[str, int] = {}
    for number, identity in identities:
        key = email_key(identity.email)
        person = people_by_key.get(key)
        if key and key in first_at:
            message = _("Cette adresse est déjà à la ligne %(number)d.") % {"number": first_at[key]}
            lines.append(Line(number, identity, Fate.WRONG, [message]))
        else:
            lines.append(_line(number, identity, person, person is not None and person.pk in member_ids))
        first_at.setdefault(key, number)
    return lines


@transaction.atomic
def import_contacts(
    by: User, *, organization: Organization, rows: Rows, headings: Headings | None = None
) -> list[ContactLine]:
    """Invites the contacts of the valid lines in one transaction; returns what became of each line.

    For those who manage clients. Raises as `check_contacts` does.
    """
    lines = check_contacts(by, organization=organization, rows=rows, headings=headings)
    for line in lines:
        if line.fate in READY:
            invite_contact(by, organization=organization, identity=line.what)
    remember_headings(CONTACTS, rows, headings, find_headings(rows, COLUMNS, NEEDED))
    number = sum(line.fate in READY for line in lines)
    journal.record("contacts.imported", actor=by.key, organization=organization.key, added=number)
    return lines


def _line(number: int, identity: Identity, person: User | None, is_member: bool) -> ContactLine:
    if person is not None and person.is_client:
        return Line(number, identity, Fate.KNOWN if is_member else Fate.JOINS)
    try:
        check_identity(identity=identity)
    except Invalid as refusal:
        errors = [_with_column_name(name, text) for name, texts in refusal.errors.items() for text in texts]
        return Line(number, identity, Fate.WRONG, errors)
    return Line(number, identity, Fate.ADDED)


def _with_column_name(name: str, text: str) -> str:
    """Returns the error of a cell, after the name of its column where the text alone would be ambiguous."""
    labels = {"first_name": _("Prénom"), "last_name": _("Nom")}
    return f"{labels[name]}{_(' : ')}{text}" if name in labels else text


def _identity(row: Mapping[str, str]) -> Identity:
    title, first_name, last_name = row["civility"], row["first_name"], row["last_name"]
    if not first_name and not last_name:
        named_title, first_name, last_name = contact_cells.parted_name(row["full_name"])
        title = title or named_title
    locale = row["locale"]
    return Identity(
        email=contact_cells.first_address(row["email"]),
        first_name=first_name,
        last_name=last_name,
        civility=contact_cells.civility(title),
        locale=_LOCALES.get(fold(locale), locale.lower()),
        phone=row["phone"],
    )
