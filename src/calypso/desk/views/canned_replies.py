"""The team's canned replies: listing, adding, editing and removing them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST

from calypso.accounts.access import Viewer
from calypso.base.errors import Invalid
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import ReplyForm
from calypso.teamwork.actions.canned_replies import remove_reply, save_reply
from calypso.teamwork.queries.canned_replies import VARIABLES, get_reply, replies_page


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def replies(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the canned replies that the viewer may use, with the form to add one."""
    return _edit_page(request, viewer, "", ReplyForm())


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def reply(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Edits one canned reply."""
    reply = get_reply(viewer, key)
    return _edit_page(
        request, viewer, key, ReplyForm(initial={name: getattr(reply, name) for name in ReplyForm.base_fields})
    )


@require_POST
@for_staff
def remove(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Removes a canned reply."""
    remove_reply(viewer, key=key)
    return redirect(resolve_url("desk:replies") + "?fait=reponse-retiree")


def _edit_page(request: HttpRequest, viewer: Viewer, key: str, form: ReplyForm) -> HttpResponse:
    status = 200
    if request.method == "POST":
        form, status = ReplyForm(request.POST), 422
        try:
            form.accepted()
            save_reply(viewer, key=key, name=form.text("name"), body=form.text("body"), shared=form.flag("shared"))
            return redirect(resolve_url("desk:replies") + "?fait=reponse")
        except Invalid as refusal:
            form.refuse(refusal)
    context = {"nav": "replies", "form": form, "key": key, "variables": VARIABLES, "replies": replies_page(viewer)}
    return desk_page(request, viewer, "replies", context, status=status)
