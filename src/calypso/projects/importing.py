"""Import of companies and projects from a table: read, checked line by line, then added together (I15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from calypso.accounts.access import require
from calypso.accounts.actions.people import add_organization
from calypso.accounts.capabilities import Capability
from calypso.accounts.column_mappings import remember_headings
from calypso.accounts.emails import email_key
from calypso.accounts.models import Organization, User
from calypso.base import journal
from calypso.base.chosen import chosen
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.importing import READY, Columns, Fate, Headings, Line, Rows, cells, find_headings
from calypso.base.text import fold
from calypso.projects.access import require_manage
from calypso.projects.actions import Facts, add_project
from calypso.projects.models import Project

PROJECTS = "projects"
COLUMNS: Columns = {
    "company": ("societe", "entreprise", "client", "nom de la societe", "raison sociale", "company", "company name"),
    "name": ("projet", "nom du projet", "project", "project name"),
    "event_date": ("date evenement", "date de l evenement", "date de l event", "date", "event date"),
    "vendor_manager": ("chef de projet", "project manager"),
    "client_manager": ("chef de projet client", "client project manager"),
    "setup_agent": ("parametrage", "set up", "setup"),
    "support": ("support",),
}
NEEDED = (("company",),)
PEOPLE = ("vendor_manager", "client_manager", "setup_agent", "support")


@dataclass(frozen=True, slots=True)
class Row:
    """The content of a line, as typed; people by their addresses. Without a project, it only adds the company."""

    company: str
    name: str
    event_date: str
    vendor_manager: str
    client_manager: str
    setup_agent: str
    support: str


type ProjectLine = Line[Row]


def check_projects(by: User, *, rows: Rows, headings: Headings | None = None) -> list[ProjectLine]:
    """Returns what importing these rows would do, line by line. Writes nothing.

    `headings` says what the columns are; without it, one of the first rows does. For those who manage clients and
    projects. Raises Invalid (`file`) without a company column, or without a line.
    """
    with transaction.atomic():
        lines = _import(by, rows, headings)
        transaction.set_rollback(True)
    return lines


@transaction.atomic
def import_projects(by: User, *, rows: Rows, headings: Headings | None = None) -> list[ProjectLine]:
    """Adds the companies and projects of all the valid lines; returns the outcome of each line.

    For those who manage clients and projects. Raises as `check_projects` does.
    """
    lines = _import(by, rows, headings)
    remember_headings(PROJECTS, rows, headings, find_headings(rows, COLUMNS, NEEDED))
    journal.record("projects.imported", actor=by.key, added=sum(line.fate in READY for line in lines))
    return lines


def _import(by: User, rows: Rows, headings: Headings | None) -> list[ProjectLine]:
    """Imports each line in turn, within the caller's transaction: a line may need what an earlier one added."""
    require(by, Capability.MANAGE_CLIENTS)
    require_manage(by)
    refusal = _("Aucune ligne ne nomme les colonnes : Société, Projet, Chef de projet.")
    numbered_rows = cells(rows, headings, COLUMNS, NEEDED, refusal, _("Ce fichier n'a pas de ligne sous ses titres."))
    addresses = {email_key(row[name]) for _number, row in numbered_rows for name in PEOPLE if row[name]}
    people = {person.email_key: person for person in User.objects.filter(email_key__in=addresses)}
    companies = {fold(row.name): row for row in Organization.objects.filter(kind=Organization.Kind.CLIENT)}
    return [_line(by, number, Row(**row), people, companies) for number, row in numbered_rows]


def _line(
    by: User, number: int, row: Row, people: Mapping[str, User], companies: dict[str, Organization]
) -> ProjectLine:
    try:
        with transaction.atomic():
            company, fate = companies.get(fold(row.company)), Fate.JOINS
            if company is None:
                company, fate = _company(by, row.company), Fate.ADDED
            elif not row.name or Project.objects.filter(organization=company, name__iexact=row.name).exists():
                return Line(number, row, Fate.KNOWN)
            if row.name:
                add_project(by, organization=company, facts=_facts(row, people))
    except Invalid as refusal:
        return Line(number, row, Fate.WRONG, [text for texts in refusal.errors.values() for text in texts])
    companies[fold(row.company)] = company
    return Line(number, row, fate)


def _company(by: User, name: str) -> Organization:
    try:
        return add_organization(by, name=name)
    except Invalid as refusal:
        messages = [f"{_('Société')}{_(' : ')}{text}" for texts in refusal.errors.values() for text in texts]
        raise Invalid({"company": messages}) from None


def _facts(row: Row, people: Mapping[str, User]) -> Facts:
    people_by_field: dict[str, User | None] = {}
    for name in PEOPLE:
        address = getattr(row, name)
        people_by_field[name] = people.get(email_key(address)) if address else None
        if address and people_by_field[name] is None:
            raise Invalid({name: [_("Personne n'a l'adresse %(email)s.") % {"email": address}]})
    return Facts(
        name=row.name,
        event_date=_day(row.event_date),
        vendor_manager=people_by_field["vendor_manager"],
        client_manager=people_by_field["client_manager"],
        setup_agent=people_by_field["setup_agent"],
        support=people_by_field["support"],
        remind_days=chosen("REMIND_DAYS") or None,
    )


def _day(text: str) -> date | None:
    """Parses a date as a French reader or a spreadsheet writes it; None for an empty cell. Raises Invalid."""
    for date_format in ("%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text, date_format).date() if text else None  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Invalid({"event_date": [_("« %(text)s » n'est pas une date, comme 28/01/2027.") % {"text": text}]})
