"""Table imports, of a company's contacts or of projects: read and previewed first, written once confirmed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods

from calypso.accounts.access import Viewer, require
from calypso.accounts.actions import imports as contact_imports
from calypso.accounts.actions.people import Identity
from calypso.accounts.capabilities import Capability
from calypso.accounts.column_mappings import remembered_headings
from calypso.accounts.queries import get_organization
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.importing import READY, Columns, Fate, Headings, Line, Needed, Rows, find_headings, has_enough
from calypso.base.sheets import Sheet
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.import_state import read_state
from calypso.projects import importing as project_imports
from calypso.ui.downloads import workbook


@dataclass(frozen=True, slots=True)
class Import:
    """A kind of import: its template, columns, check and write functions, and the page and toast that follow.

    `labels` are the names of its columns for people, in order, `instead` those of columns that hold several at once,
    `titles` those that are understood in a table; `cells` returns the cells of a line, by column; `is_named` says
    whether rows name the needed columns; `fates` are the labels of the possible outcomes of a valid line.
    """

    template: str
    file: str
    purpose: str
    labels: Mapping[str, str]
    instead: Mapping[str, str]
    titles: Columns
    required: Needed
    cells: Callable[[Any], Sequence[str]]
    fates: Mapping[Fate, str]
    check: Callable[[Rows, Headings], Sequence[Line[Any]]]
    write: Callable[[Rows, Headings], Sequence[Line[Any]]]
    done: str
    word: str

    @property
    def heads(self) -> Sequence[str]:
        return list(self.labels.values())

    def require_columns(self, headings: Headings) -> None:
        """Raises Invalid (`file`), naming the needed columns that nobody said where they are."""
        if has_enough(headings.places, self.required):
            return
        missing = [self.labels[name] for name in self.required[0] if name not in headings.places]
        if missing:
            raise Invalid({"file": [_("Dites quelle colonne contient : %(names)s.") % {"names": ", ".join(missing)}]})

    def headings(self, rows: Rows) -> Headings | None:
        """Returns what the columns of a table are, as somebody said of such a table, or by its titles; else None."""
        return remembered_headings(self.purpose, rows, self.titles) or find_headings(rows, self.titles, self.required)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def contacts(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Imports the contacts of a company."""
    require(viewer, Capability.MANAGE_CLIENTS)
    organization = get_organization(viewer, key)
    kind = Import(
        template="import_contacts",
        file="contacts.xlsx",
        purpose=contact_imports.CONTACTS,
        labels={
            "email": _("E-mail"),
            "first_name": _("Prénom"),
            "last_name": _("Nom"),
            "civility": _("Civilité"),
            "locale": _("Langue"),
            "phone": _("Téléphone"),
        },
        instead={"full_name": _("Nom complet")},
        titles=contact_imports.COLUMNS,
        required=contact_imports.NEEDED,
        cells=_contact_cells,
        fates={
            Fate.ADDED: _("Sera invité"),
            Fate.JOINS: _("Déjà contact ailleurs : rejoint aussi cette société"),
            Fate.KNOWN: _("Déjà contact de cette société"),
        },
        check=lambda rows, headings: contact_imports.check_contacts(
            viewer, organization=organization, rows=rows, headings=headings
        ),
        write=lambda rows, headings: contact_imports.import_contacts(
            viewer, organization=organization, rows=rows, headings=headings
        ),
        done=resolve_url("desk:organization", key),
        word="importes",
    )
    return _import(request, viewer, kind, {"nav": "clients", "organization": organization})


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def projects(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Imports projects, and the companies that they need."""
    for capability in (Capability.MANAGE_CLIENTS, Capability.MANAGE_PROJECTS):
        require(viewer, capability)
    kind = Import(
        template="import_projects",
        file="projets.xlsx",
        purpose=project_imports.PROJECTS,
        labels={
            "company": _("Société"),
            "name": _("Projet"),
            "event_date": _("Date évènement"),
            "vendor_manager": _("Chef de projet"),
            "client_manager": _("Chef de projet client"),
            "setup_agent": _("Paramétrage"),
            "support": _("Support"),
        },
        instead={},
        titles=project_imports.COLUMNS,
        required=project_imports.NEEDED,
        cells=_project_cells,
        fates={
            Fate.ADDED: _("Sera ajouté, avec sa société"),
            Fate.JOINS: _("Sera ajouté à sa société"),
            Fate.KNOWN: _("Déjà connu"),
        },
        check=lambda rows, headings: project_imports.check_projects(viewer, rows=rows, headings=headings),
        write=lambda rows, headings: project_imports.import_projects(viewer, rows=rows, headings=headings),
        done=resolve_url("desk:projects"),
        word="projets-importes",
    )
    return _import(request, viewer, kind, {"nav": "projects"})


def _contact_cells(identity: Identity) -> Sequence[str]:
    return identity.email, identity.first_name, identity.last_name, identity.civility, identity.locale, identity.phone


def _project_cells(row: project_imports.Row) -> Sequence[str]:
    people = (row.vendor_manager, row.client_manager, row.setup_agent, row.support)
    return row.company, row.name, row.event_date, *people


def _import(request: HttpRequest, viewer: Viewer, kind: Import, context: dict[str, Any]) -> HttpResponse:
    """Reads a file and shows a preview; the same rows, posted again, are written (`import`).

    Where nobody knows what the columns are, a step asks it first. With `wrong`, the invalid rows are instead returned
    as a workbook, with their errors.
    """
    context |= {"what": kind, "carried": None, "lines": [], "error": ""}
    if request.method != "POST":
        if "modele" in request.GET:
            return workbook(kind.file, Sheet(_("Modèle"), kind.heads, []))
        return desk_page(request, viewer, kind.template, context)
    act, status = request.POST.get("act", ""), 200
    lines: Sequence[Line[Any]] = []
    try:
        state = context["carried"] = read_state(request, kind.titles, kind.headings)
        if state.headings and act == "map":
            kind.require_columns(state.headings)
        if state.headings and act == "import":
            added = sum(line.fate in READY for line in kind.write(state.rows, state.headings))
            return redirect(f"{kind.done}?fait={kind.word if added else 'connus'}")
        if state.headings and act != "columns":
            lines = kind.check(state.rows, state.headings)
    except Invalid as refusal:
        context["error"], status = " ".join(refusal.errors["file"]), 422
    if act == "wrong":
        return _wrong_lines(kind, lines)
    totals = {fate.value: sum(line.fate is fate for line in lines) for fate in Fate}
    return desk_page(request, viewer, kind.template, context | {"lines": lines, "totals": totals}, status=status)


def _wrong_lines(kind: Import, lines: Sequence[Line[Any]]) -> HttpResponse:
    rows = [[*kind.cells(line.what), " ".join(line.errors)] for line in lines if line.fate is Fate.WRONG]
    return workbook(kind.file, Sheet(_("Lignes à corriger"), [*kind.heads, _("Erreur")], rows))
