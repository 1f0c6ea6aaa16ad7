"""A change of phase as shown to the client, and the client project manager's answer to it (I3)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods

from calypso.accounts.access import Viewer
from calypso.base.errors import Conflict, Invalid
from calypso.composer.forms import PhaseForm
from calypso.composer.phases import answer_phase
from calypso.phases.queries import CHOSEN_LABELS, phase_page
from calypso.portal.decorators import for_clients
from calypso.projects.queries import get_project
from calypso.ui.htmx import render


@require_http_methods(["GET", "HEAD", "POST"])
@for_clients
def phase(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows the change that is proposed or done; the client project manager agrees, or refuses with a reason."""
    project, form, status, conflict = get_project(viewer, key), PhaseForm(), 200, ""
    if request.method == "POST":
        form = PhaseForm(request.POST)
        try:
            done = answer_phase(viewer, project, form.accepted())
            return redirect(f"{resolve_url('portal:project', key)}?fait={done}")
        except Invalid as refusal:
            form, status = form.refuse(refusal), 422
        except Conflict as refusal:
            conflict, status = refusal.message, 409
    context = {
        "nav": "projects",
        "project": project,
        "page": phase_page(viewer, project),
        "form": form,
        "chosen_labels": CHOSEN_LABELS,
        "conflict": conflict,
    }
    return render(request, "portal/phase.html", context, status=status)
