"""Service levels (SLA): the team's targets, by phase and priority; of everybody, of a company, of a project."""

from typing import Any, Self

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from calypso.accounts.access import Viewer
from calypso.accounts.queries import get_organization
from calypso.base.business import calendar
from calypso.base.errors import Conflict, Invalid
from calypso.base.i18n import gettext as _
from calypso.desk.decorators import desk_page, for_staff
from calypso.projects.queries import get_project
from calypso.sla.actions.levels import save_levels
from calypso.sla.levels import Level, LevelRow, Levels, Owner, levels_page
from calypso.tickets.priorities import Priority
from calypso.ui.forms import Form

HOURS = ("answer_hours", "process_hours")


class LevelsForm(Form):
    """Two numbers per row, named « phase-priority-answer_hours »; an empty one means no target."""

    def __init__(self, rows: list[LevelRow], data: dict[str, Any] | QueryDict | None = None) -> None:
        self._rows = rows
        super().__init__(data, initial={row.name(field): getattr(row.level, field) for row in rows for field in HOURS})
        for name in self.initial:
            self.fields[name] = forms.IntegerField(required=False)

    def level(self, row: LevelRow) -> Level:
        """Returns the hours typed for a row."""
        return Level(*(self.value_of(row.name(field)) for field in HOURS))

    def words(self, name: str, value: Any) -> str:
        return "—" if value is None else f"{value} {_('h')}"

    def _holding(self, values: dict[str, Any]) -> Self:
        return type(self)(self._rows, values)


def _levels(rows: list[LevelRow], form: LevelsForm) -> Levels:
    return {(row.phase.value, row.priority): form.level(row) for row in rows}


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def levels(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows the levels of everybody; administrators can edit them."""
    return _levels_page(request, viewer, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def of_company(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows what a company has of its own; administrators can edit it."""
    return _levels_page(request, viewer, get_organization(viewer, key))


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def of_project(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows what a project has of its own; administrators can edit it."""
    return _levels_page(request, viewer, get_project(viewer, key))


def _levels_page(request: HttpRequest, viewer: Viewer, owner: Owner) -> HttpResponse:
    page, status = levels_page(viewer, owner), 200
    form = LevelsForm(page.rows)
    if request.method == "POST":
        form, status = LevelsForm(page.rows, request.POST), 422
        try:
            before = form.accepted().shown()
            shown = _levels(page.rows, before) if before else None
            save_levels(viewer, new_levels=_levels(page.rows, form), shown=shown, owner=owner)
            return redirect(f"{request.path}?fait=niveaux")
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as conflict:
            form.show_again(LevelsForm(levels_page(viewer, owner).rows)).refuse(conflict.as_invalid())
            status = 409
    phases: dict[str, list[tuple[LevelRow, Priority]]] = {}
    names: dict[str, str] = {}
    for row in page.rows:
        priority = Priority(row.priority)
        phases.setdefault(str(row.phase.label), []).append((row, priority))
        label = f"{_(str(row.phase.label))}, {_(priority.label)}"
        names |= {row.name(field): label for field in HOURS}
    context = {
        "nav": "levels",
        "owner": owner,
        "page": page,
        "form": form,
        "phases": phases,
        "names": names,
        "hours": HOURS,
        "calendar": calendar(),
    }
    return desk_page(request, viewer, "levels", context, status=status)
