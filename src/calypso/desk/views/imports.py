"""Table imports, of a company's contacts or of projects: read and previewed first, written once confirmed."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods

from calypso.accounts.access import Viewer, require
from calypso.accounts.actions.imports import check_contacts, import_contacts
from calypso.accounts.actions.people import Identity
from calypso.accounts.capabilities import Capability
from calypso.accounts.queries import get_organization
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.importing import READY, Fate, Line
from calypso.base.sheets import Sheet, carried_table, read_table
from calypso.desk.decorators import desk_page, for_staff
from calypso.projects.importing import Row, check_projects, import_projects
from calypso.ui.downloads import workbook

type Table = list[list[str]]


@dataclass(frozen=True, slots=True)
class Import:
    """A kind of import: its template, columns, check and write functions, and the page and toast that follow.

    `cells` returns the cells of a line, by column; `fates` are the labels of the possible outcomes of a valid line.
    """

    template: str
    file: str
    heads: Sequence[str]
    cells: Callable[[Any], Sequence[str]]
    fates: Mapping[Fate, str]
    check: Callable[[Table], Sequence[Line[Any]]]
    write: Callable[[Table], Sequence[Line[Any]]]
    done: str
    word: str


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def contacts(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Imports the contacts of a company."""
    require(viewer, Capability.MANAGE_CLIENTS)
    organization = get_organization(viewer, key)
    kind = Import(
        template="import_contacts",
        file="contacts.xlsx",
        heads=[_("E-mail"), _("Prénom"), _("Nom"), _("Civilité"), _("Langue")],
        cells=_contact_cells,
        fates={
            Fate.ADDED: _("Sera invité"),
            Fate.JOINS: _("Déjà contact ailleurs : rejoint aussi cette société"),
            Fate.KNOWN: _("Déjà contact de cette société"),
        },
        check=lambda rows: check_contacts(viewer, organization=organization, rows=rows),
        write=lambda rows: import_contacts(viewer, organization=organization, rows=rows),
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
        heads=[
            _("Société"),
            _("Projet"),
            _("Date évènement"),
            _("Chef de projet"),
            _("Chef de projet client"),
            _("Paramétrage"),
            _("Support"),
        ],
        cells=_project_cells,
        fates={
            Fate.ADDED: _("Sera ajouté, avec sa société"),
            Fate.JOINS: _("Sera ajouté à sa société"),
            Fate.KNOWN: _("Déjà connu"),
        },
        check=lambda rows: check_projects(viewer, rows=rows),
        write=lambda rows: import_projects(viewer, rows=rows),
        done=resolve_url("desk:projects"),
        word="projets-importes",
    )
    return _import(request, viewer, kind, {"nav": "projects"})


def _contact_cells(identity: Identity) -> Sequence[str]:
    return identity.email, identity.first_name, identity.last_name, identity.civility, identity.locale


def _project_cells(row: Row) -> Sequence[str]:
    people = (row.vendor_manager, row.client_manager, row.setup_agent, row.support)
    return row.company, row.name, row.event_date, *people


def _import(request: HttpRequest, viewer: Viewer, kind: Import, context: dict[str, Any]) -> HttpResponse:
    """Reads a file and shows a preview; the same rows, posted again, are written (`import`).

    With `wrong`, the invalid rows are instead returned as a workbook, with their errors.
    """
    context |= {"what": kind, "lines": [], "rows": "", "error": ""}
    if request.method != "POST":
        if "modele" in request.GET:
            return workbook(kind.file, Sheet(_("Modèle"), kind.heads, []))
        return desk_page(request, viewer, kind.template, context)
    act, status = request.POST.get("act", ""), 200
    try:
        rows = _rows(request)
        if act == "import":
            added = sum(line.fate in READY for line in kind.write(rows))
            return redirect(f"{kind.done}?fait={kind.word if added else 'connus'}")
        lines = kind.check(rows)
        if act == "wrong":
            wrong_rows = [[*kind.cells(line.what), " ".join(line.errors)] for line in lines if line.fate is Fate.WRONG]
            return workbook(kind.file, Sheet(_("Lignes à corriger"), [*kind.heads, _("Erreur")], wrong_rows))
        totals = {fate.value: sum(line.fate is fate for line in lines) for fate in Fate}
        context |= {"lines": lines, "totals": totals, "rows": json.dumps(rows, ensure_ascii=False)}
    except Invalid as refusal:
        context["error"], status = " ".join(refusal.errors["file"]), 422
    return desk_page(request, viewer, kind.template, context, status=status)


def _rows(request: HttpRequest) -> Table:
    """Returns the rows of the posted file, or those that the page carried. Raises Invalid (`file`)."""
    file = request.FILES.get("file")
    if file is not None:
        return read_table(str(file.name or ""), file.read())
    return carried_table(request.POST.get("rows", ""))
