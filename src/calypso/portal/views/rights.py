"""The page « Droits de visualisation du projet » (S52–S58, decision 1, R6, R7)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods

from calypso.accounts.access import as_viewer
from calypso.base.editing import merge_items
from calypso.base.errors import Conflict, Unconfirmed
from calypso.portal.forms import RightsForm
from calypso.projects.actions import set_viewers
from calypso.projects.queries import get_project, preview_viewers, viewers_page
from calypso.tickets.queries.lists import tickets_touched
from calypso.ui.htmx import render


@require_http_methods(["GET", "HEAD", "POST"])
def rights(request: HttpRequest, key: str) -> HttpResponse:
    """Edits the viewers of a project, for the client project manager and the team.

    Shows an impact preview, who gains and who loses access, before saving.
    """
    viewer = as_viewer(request.user)
    project = get_project(viewer, key)
    page = viewers_page(viewer, project)
    context = {"nav": "projects", "project": project, "page": page, "preview": None, "message": "", "nobody": False}
    if request.method != "POST":
        return render(request, "portal/rights.html", context)
    form = RightsForm(request.POST)
    selected_keys = set(form.several("viewers")) | set(form.several("add"))
    selected_keys -= {form.text("remove")}
    context["nobody"] = not any((form.text("save"), form.text("remove"), form.several("add")))
    status = 422 if context["nobody"] else 200
    if form.text("save"):
        shown_keys = set(form.several("seen"))
        try:
            set_viewers(
                viewer, project=project, keys=selected_keys, open_to_all=form.flag("open_to_all"), seen=shown_keys
            )
            return redirect(resolve_url("portal:rights", key) + "?fait=droits")
        except Unconfirmed as refusal:
            context["message"], status = refusal.message, 409
        except Conflict as refusal:
            context["message"], status = refusal.message, 409
            # What was asked is asked of the list as it is now: an addition never becomes a removal.
            selected_keys = merge_items(shown_keys, selected_keys, {person.key for person in page.listed})
    preview = preview_viewers(viewer, project, selected_keys)
    is_shown = preview.gain or preview.lose or not context["nobody"]
    context |= {
        "preview": preview if is_shown else None,
        "wanted": page.named(selected_keys),
        "touched": tickets_touched(viewer, project, preview.lose),
    }
    return render(request, "portal/rights.html", context, status=status)
