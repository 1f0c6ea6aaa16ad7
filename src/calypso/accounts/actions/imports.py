"""The import of a company's contacts from a table: rows are checked one by one, then added together (I8)."""

from collections.abc import Mapping

from django.db import transaction

from calypso.accounts.access import require
from calypso.accounts.actions.people import Identity, check_identity, invite_contact
from calypso.accounts.capabilities import Capability
from calypso.accounts.emails import email_key
from calypso.accounts.models import Membership, Organization, User
from calypso.base import journal
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.importing import READY, Columns, Fate, Line, Rows, cells
from calypso.base.text import fold

COLUMNS: Columns = {
    "email": ("e-mail", "email", "adresse e-mail", "mail", "courriel", "email address"),
    "first_name": ("prenom", "first name"),
    "last_name": ("nom", "last name", "nom de famille"),
    "civility": ("civilite", "title"),
    "locale": ("langue", "language"),
}
NEEDED = ("email", "first_name", "last_name")
_LOCALES = {"": "fr", "francais": "fr", "french": "fr", "anglais": "en", "english": "en"}
_CIVILITIES = {"m": "M.", "mr": "M.", "monsieur": "M.", "mme": "Mme", "mrs": "Mme", "ms": "Mme", "madame": "Mme"}


type ContactLine = Line[Identity]


def check_contacts(by: User, *, organization: Organization, rows: Rows) -> list[ContactLine]:
    """Returns what importing these rows would do, line by line; the first row names the columns. Writes nothing.

    For those who manage clients. Raises Invalid (`file`) when a needed column is missing or no line follows the first.
    """
    require(by, Capability.MANAGE_CLIENTS)
    refusal = _("La première ligne doit nommer les colonnes : E-mail, Prénom, Nom.")
    numbered_rows = cells(rows, COLUMNS, NEEDED, refusal, _("Ce fichier n'a pas de ligne sous ses titres."))
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
def import_contacts(by: User, *, organization: Organization, rows: Rows) -> list[ContactLine]:
    """Invites the contacts of the valid lines in one transaction; returns what became of each line.

    For those who manage clients. Raises as `check_contacts` does.
    """
    lines = check_contacts(by, organization=organization, rows=rows)
    for line in lines:
        if line.fate in READY:
            invite_contact(by, organization=organization, identity=line.what)
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
    civility, locale = row["civility"], row["locale"]
    return Identity(
        email=row["email"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        civility=_CIVILITIES.get(fold(civility).rstrip("."), civility),
        locale=_LOCALES.get(fold(locale), locale.lower()),
    )
