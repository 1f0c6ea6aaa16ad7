"""The team's canned replies: listing, adding, editing and removing them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_POST

from calypso.accounts.access import Viewer
from calypso.base.errors import Conflict, Invalid
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import ReplyForm
from calypso.teamwork.actions.canned_replies import ReplyFacts, remove_reply, save_reply
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
    return _edit_page(request, viewer, key, _form_of(viewer, key))


def _form_of(viewer: Viewer, key: str) -> ReplyForm:
    reply = get_reply(viewer, key)
    return ReplyForm(initial={name: getattr(reply, name) for name in ReplyForm.base_fields})


@require_POST
@for_staff
def remove(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Removes a canned reply."""
    remove_reply(viewer, key=key)
    return redirect(resolve_url("desk:replies") + "?fait=reponse-retiree")


def _values_of(form: ReplyForm) -> dict[str, Any]:
    return {"name": form.text("name"), "body": form.text("body"), "shared": form.flag("shared")}


def _edit_page(request: HttpRequest, viewer: Viewer, key: str, form: ReplyForm) -> HttpResponse:
    status = 200
    if request.method == "POST":
        form, status = ReplyForm(request.POST), 422
        try:
            before = form.accepted().shown() if key else None
            shown = ReplyFacts(**_values_of(before)) if before else None
            save_reply(viewer, key=key, shown=shown, **_values_of(form))
            return redirect(resolve_url("desk:replies") + "?fait=reponse")
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as conflict:
            form.show_again(_form_of(viewer, key)).refuse(conflict.as_invalid())
            status = 409
    context = {"nav": "replies", "form": form, "key": key, "variables": VARIABLES, "replies": replies_page(viewer)}
    return desk_page(request, viewer, "replies", context, status=status)
