"""Service levels (SLA): the team's targets, by phase and priority."""

from typing import Any, Self

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods

from calypso.accounts.access import Viewer
from calypso.base.business import calendar
from calypso.base.errors import Conflict, Invalid
from calypso.base.i18n import gettext as _
from calypso.desk.decorators import desk_page, for_staff
from calypso.sla.actions.levels import save_levels
from calypso.sla.levels import Level, LevelRow, Levels, level_rows
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

    def _holding(self, values: dict[str, Any]) -> Self:
        return type(self)(self._rows, values)


def _levels(rows: list[LevelRow], form: LevelsForm) -> Levels:
    return {(row.phase.value, row.priority): form.level(row) for row in rows}


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def levels(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows the table of service levels; administrators can edit it."""
    rows, status = level_rows(viewer), 200
    form = LevelsForm(rows)
    if request.method == "POST":
        form, status = LevelsForm(rows, request.POST), 422
        try:
            before = form.accepted().shown()
            save_levels(viewer, new_levels=_levels(rows, form), shown=_levels(rows, before) if before else None)
            return redirect(resolve_url("desk:levels") + "?fait=niveaux")
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as conflict:
            form.show_again(LevelsForm(level_rows(viewer))).refuse(conflict.as_invalid())
            status = 409
    phases: dict[str, list[tuple[LevelRow, Priority]]] = {}
    names: dict[str, str] = {}
    for row in rows:
        priority = Priority(row.priority)
        phases.setdefault(str(row.phase.label), []).append((row, priority))
        label = f"{_(str(row.phase.label))}, {_(priority.label)}"
        names |= {row.name(field): label for field in HOURS}
    context = {
        "nav": "levels",
        "form": form,
        "phases": phases,
        "names": names,
        "hours": HOURS,
        "calendar": calendar(),
    }
    return desk_page(request, viewer, "levels", context, status=status)
