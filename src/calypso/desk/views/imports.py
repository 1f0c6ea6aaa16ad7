"""Contacts imported from a table: read and shown first, written when confirmed."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods

from calypso.accounts.access import Viewer, require
from calypso.accounts.actions.imports import Fate, Line, check_contacts, import_contacts
from calypso.accounts.capabilities import Capability
from calypso.accounts.queries import get_organization
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.sheets import Cell, Sheet, read_table
from calypso.desk.doors import desk_page, for_staff
from calypso.ui.downloads import workbook

type Table = list[list[str]]


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def contacts(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """A file is read and shown; the same rows, posted again, are imported, or come back with what is wrong in them."""
    require(viewer, Capability.MANAGE_CLIENTS)
    organization = get_organization(viewer, key)
    context: dict[str, Any] = {"nav": "clients", "organization": organization, "lines": [], "rows": "", "error": ""}
    if request.method != "POST":
        if "modele" in request.GET:
            return workbook("contacts.xlsx", Sheet(_("Contacts"), _heads(), []))
        return desk_page(request, viewer, "import", context)
    act, status = request.POST.get("act", ""), 200
    try:
        rows = _rows(request)
        if act == "import":
            lines = import_contacts(viewer, organization=organization, rows=rows)
            added = sum(line.fate in (Fate.ADDED, Fate.JOINS) for line in lines)
            return redirect(f"{resolve_url('desk:organization', key)}?fait={'importes' if added else 'connus'}")
        lines = check_contacts(viewer, organization=organization, rows=rows)
        if act == "wrong":
            wrong = [line for line in lines if line.fate is Fate.WRONG]
            return workbook("contacts.xlsx", Sheet(_("Contacts"), [*_heads(), _("Erreur")], map(_cells, wrong)))
        totals = {fate.value: sum(line.fate is fate for line in lines) for fate in Fate}
        context |= {"lines": lines, "totals": totals, "rows": json.dumps(rows, ensure_ascii=False)}
    except Invalid as refusal:
        context["error"], status = " ".join(refusal.errors["file"]), 422
    return desk_page(request, viewer, "import", context, status=status)


def _rows(request: HttpRequest) -> Table:
    """The rows of the posted file, or those that the page carried along. Raises Invalid (`file`)."""
    file = request.FILES.get("file")
    if file is not None:
        return read_table(str(file.name or ""), file.read())
    try:
        rows = json.loads(request.POST.get("rows", ""))
    except ValueError:
        raise Invalid({"file": [_("Choisissez un fichier.")]}) from None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Invalid({"file": [_("Choisissez un fichier.")]})
    return [[str(cell) for cell in row] for row in rows]


def _heads() -> list[str]:
    return [_("E-mail"), _("Prénom"), _("Nom"), _("Civilité"), _("Langue")]


def _cells(line: Line) -> list[Cell]:
    who = line.identity
    return [who.email, who.first_name, who.last_name, who.civility, who.locale, " ".join(line.errors)]
