"""The assistant of a change of phase: the outcome of each open ticket, who takes over, who agreed (I3)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods

from calypso.accounts.access import Viewer
from calypso.base.errors import Conflict, Invalid
from calypso.composer.forms import PhaseForm
from calypso.composer.phases import answer_phase
from calypso.desk.decorators import desk_page, for_staff
from calypso.phases.actions import Fate, propose_phase, withdraw_phase
from calypso.phases.queries import CHOICE_LABELS, CHOSEN_LABELS, OpenLine, open_lines, phase_page
from calypso.projects.access import SeenProject
from calypso.projects.queries import get_project


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def phase(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Proposes the other phase, or shows the current proposal and takes an answer to it."""
    project = get_project(viewer, key)
    lines = open_lines(viewer, project)
    if request.method != "POST":
        return _page(request, viewer, project, lines)
    form = PhaseForm(request.POST)
    try:
        form.accepted()
        return redirect(f"{resolve_url('desk:phase', key)}?fait={_perform_act(request, viewer, project, form, lines)}")
    except Invalid as refusal:
        return _page(request, viewer, project, lines, form.refuse(refusal), dict(refusal.errors), status=422)
    except Conflict as conflict:
        return _page(request, viewer, project, lines, form, conflict=conflict.message, status=409)


def _perform_act(
    request: HttpRequest, viewer: Viewer, project: SeenProject, form: PhaseForm, lines: list[OpenLine]
) -> str:
    """Performs the action of the button; returns the key of the toast to show."""
    act, seen = form.text("act"), form.text("seen")
    if act == "propose":
        data = request.POST
        names = [line.ticket.reference for line in lines]
        fates = [Fate(name, data.get(f"{name}-choice", "carry"), data.get(f"{name}-reason", "")) for name in names]
        propose_phase(viewer, project=project, note=form.text("note"), fates=fates)
        return "bascule"
    if act == "withdraw":
        withdraw_phase(viewer, project=project, seen=seen)
        return "bascule-retiree"
    return answer_phase(viewer, project, form)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    project: SeenProject,
    lines: list[OpenLine],
    form: PhaseForm | None = None,
    errors: dict[str, Any] | None = None,
    *,
    status: int = 200,
    conflict: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "nav": "projects",
        "project": project,
        "page": phase_page(viewer, project),
        "lines": lines,
        "form": form or PhaseForm(),
        "typed": request.POST,
        "errors": errors or {},
        "labels": CHOICE_LABELS,
        "chosen_labels": CHOSEN_LABELS,
        "conflict": conflict,
    }
    return desk_page(request, viewer, "phase", context, status=status)
