"""Many contacts of a company at once, from a table: read, checked line by line, then added together (I8)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction

from calypso.accounts.access import require
from calypso.accounts.actions.people import Identity, check_identity, invite_contact
from calypso.accounts.capabilities import Capability
from calypso.accounts.emails import email_key
from calypso.accounts.models import Membership, Organization, User
from calypso.base import journal
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.text import fold

type Rows = Sequence[Sequence[str]]

# What the first row may call each column, fold: the names of our own model first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "email": ("e-mail", "email", "adresse e-mail", "mail", "courriel", "email address"),
    "first_name": ("prenom", "first name"),
    "last_name": ("nom", "last name", "nom de famille"),
    "civility": ("civilite", "title"),
    "locale": ("langue", "language"),
}
NEEDED = ("email", "first_name", "last_name")
_LOCALES = {"": "fr", "francais": "fr", "french": "fr", "anglais": "en", "english": "en"}
_CIVILITIES = {"m": "M.", "mr": "M.", "monsieur": "M.", "mme": "Mme", "mrs": "Mme", "ms": "Mme", "madame": "Mme"}


class Fate(StrEnum):
    """What importing a line would do."""

    ADDED = "added"
    JOINS = "joins"  # a contact of another company joins this one too (A14)
    KNOWN = "known"  # a contact of this company already: nothing to do
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: its number there, who it names, what it would do, and why not."""

    number: int
    identity: Identity
    fate: Fate
    errors: list[str] = field(default_factory=list)


def check_contacts(by: User, *, organization: Organization, rows: Rows) -> list[Line]:
    """What importing these rows would do, line by line; the first row names the columns. Writes nothing.

    For those who manage clients. Raises Invalid (`file`) without the needed columns or without a line.
    """
    require(by, Capability.MANAGE_CLIENTS)
    places = _places(rows)
    identities = [(number, _identity(row, places)) for number, row in enumerate(rows[1:], start=2)]
    if not identities:
        raise Invalid({"file": [_("Ce fichier n'a pas de ligne sous ses titres.")]})
    keys = {email_key(identity.email) for _number, identity in identities}
    known = {person.email_key: person for person in User.objects.filter(email_key__in=keys)}
    here = set(
        Membership.objects.filter(organization=organization, active=True, user__in=known.values()).values_list(
            "user_id", flat=True
        )
    )
    lines: list[Line] = []
    first_at: dict[str, int] = {}
    for number, identity in identities:
        key = email_key(identity.email)
        person = known.get(key)
        if key and key in first_at:
            twice = _("Cette adresse est déjà à la ligne %(number)d.") % {"number": first_at[key]}
            lines.append(Line(number, identity, Fate.WRONG, [twice]))
        else:
            lines.append(_line(number, identity, person, person is not None and person.pk in here))
        first_at.setdefault(key, number)
    return lines


@transaction.atomic
def import_contacts(by: User, *, organization: Organization, rows: Rows) -> list[Line]:
    """Invites the contacts of all the lines that are right, and says what became of each line. All or none.

    For those who manage clients. Raises as `check_contacts` does.
    """
    lines = check_contacts(by, organization=organization, rows=rows)
    for line in lines:
        if line.fate in (Fate.ADDED, Fate.JOINS):
            invite_contact(by, organization=organization, identity=line.identity)
    added = sum(line.fate in (Fate.ADDED, Fate.JOINS) for line in lines)
    journal.record("contacts.imported", actor=by.key, organization=organization.key, added=added)
    return lines


def _line(number: int, identity: Identity, person: User | None, is_here: bool) -> Line:
    if person is not None and person.is_client:
        return Line(number, identity, Fate.KNOWN if is_here else Fate.JOINS)
    try:
        check_identity(identity=identity)
    except Invalid as refusal:
        wrong = [_named(name, text) for name, texts in refusal.errors.items() for text in texts]
        return Line(number, identity, Fate.WRONG, wrong)
    return Line(number, identity, Fate.ADDED)


def _named(name: str, text: str) -> str:
    """What is wrong with a cell, after the name of its column where the text alone would not tell which."""
    labels = {"first_name": _("Prénom"), "last_name": _("Nom")}
    return f"{labels[name]}{_(' : ')}{text}" if name in labels else text


def _places(rows: Rows) -> dict[str, int]:
    heads = [fold(head) for head in rows[0]] if rows else []
    places = {}
    for name, called in COLUMNS.items():
        found = [heads.index(word) for word in called if word in heads]
        if found:
            places[name] = found[0]
    if set(NEEDED) - set(places):
        raise Invalid({"file": [_("La première ligne doit nommer les colonnes : E-mail, Prénom, Nom.")]})
    return places


def _identity(row: Sequence[str], places: dict[str, int]) -> Identity:
    def cell(name: str) -> str:
        place = places.get(name, -1)
        return row[place].strip() if 0 <= place < len(row) else ""

    civility, locale = cell("civility"), cell("locale")
    return Identity(
        email=cell("email"),
        first_name=cell("first_name"),
        last_name=cell("last_name"),
        civility=_CIVILITIES.get(fold(civility).rstrip("."), civility),
        locale=_LOCALES.get(fold(locale), locale.lower()),
    )
