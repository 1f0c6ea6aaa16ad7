"""Acceptance batches at the desk: tickets to publish, building a batch, previewing its mail, its review, its record."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from calypso.acceptance.access import SeenBatch
from calypso.acceptance.actions import build_batch, change_batch, drop_batch, plan_batch, publish_batch
from calypso.acceptance.notices import batch_preview
from calypso.acceptance.queries import BatchPage, batch_choices, batch_page, batches_page, get_batch
from calypso.accounts.access import Viewer
from calypso.base.errors import Conflict, Invalid
from calypso.base.i18n import gettext as _
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import BatchForm
from calypso.projects.access import require_manage
from calypso.projects.queries import get_project

_moment = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M"])


@require_safe
@for_staff
def batches(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the projects that have tickets to publish, and the batches."""
    return desk_page(request, viewer, "batches", {"nav": "batches", "page": batches_page(viewer)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def new(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Builds a batch for a project; all the tickets that are ready are selected at first."""
    project = get_project(viewer, key)
    require_manage(viewer)
    choices = batch_choices(viewer, project)
    form, status = BatchForm(initial={"tickets": [choice.ticket.reference for choice in choices]}), 200
    if request.method == "POST":
        form = BatchForm(request.POST)
        try:
            form.accepted()
            batch = build_batch(viewer, project=project, **_typed_fields(form))
            return redirect(resolve_url("desk:batch", batch.key) + "?fait=lot")
        except Invalid as refusal:
            form, status = form.refuse(refusal), 422
    context = {
        "nav": "batches",
        "project": project,
        "form": form,
        "choices": choices,
        "batch": None,
        "conflict": "",
        "gone": [],
    }
    return desk_page(request, viewer, "batch_form", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def batch(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows one batch: its form and its mail until it is published, then the client's decisions."""
    if request.method != "POST":
        return _page(request, viewer, key)
    form, batch = BatchForm(request.POST), get_batch(viewer, key)
    try:
        form.accepted()
        return _perform_act(viewer, batch, form)
    except Invalid as refusal:
        return _page(request, viewer, key, form.refuse(refusal), status=422)
    except Conflict as conflict:
        return _page(request, viewer, key, form, conflict=conflict.message, status=409)


def _perform_act(viewer: Viewer, batch: SeenBatch, form: BatchForm) -> HttpResponse:
    """Performs the action of the button; every button but « Supprimer » first saves the form."""
    batch_url, act, version = resolve_url("desk:batch", batch.key), form.text("act"), form.number("version")
    if act == "drop":
        drop_batch(viewer, batch=batch, seen_version=version)
        return redirect(resolve_url("desk:batches") + "?fait=lot-retire")
    at = _publication_time(form) if act == "plan" else None
    change_batch(viewer, batch=batch, seen_version=version, **_typed_fields(form))
    if act == "publish":
        publish_batch(viewer, batch=batch, seen_version=version + 1)
        return redirect(batch_url + "?fait=lot-publie")
    if act in ("plan", "unplan"):
        plan_batch(viewer, batch=batch, at=at, seen_version=version + 1)
    return redirect(f"{batch_url}?fait={'lot-prevu' if act == 'plan' else 'lot'}")


def _typed_fields(form: BatchForm) -> dict[str, Any]:
    return {"name": form.text("name"), "note": form.text("note"), "references": form.several("tickets")}


def _publication_time(form: BatchForm) -> datetime:
    """Returns the requested publication time, in the installation's time zone. Raises Invalid when unreadable."""
    try:
        at: datetime = _moment.clean(form.text("publish_at"))
    except ValidationError:
        raise Invalid({"publish_at": [_("Donnez un jour et une heure.")]}) from None
    return at


def _page(
    request: HttpRequest,
    viewer: Viewer,
    key: str,
    form: BatchForm | None = None,
    *,
    status: int = 200,
    conflict: str = "",
) -> HttpResponse:
    page = batch_page(viewer, key)
    context: dict[str, Any] = {"nav": "batches", "page": page, "batch": page.batch, "project": page.batch.project}
    if page.batch.published_at:
        return desk_page(request, viewer, "batch", {**context, "conflict": conflict}, status=status)
    context |= {
        "form": form or BatchForm(initial=_initial_fields(page)),
        "choices": batch_choices(viewer, page.batch.project, page.batch),
        "preview": batch_preview(viewer, page.batch, [line.ticket for line in page.lines if line.ready]),
        "conflict": conflict,
        "gone": [line.ticket for line in page.lines if not line.ready],
    }
    return desk_page(request, viewer, "batch_form", context, status=status)


def _initial_fields(page: BatchPage) -> dict[str, Any]:
    return {
        "name": page.batch.name,
        "note": page.batch.note,
        "tickets": [line.ticket.reference for line in page.lines],
    }
