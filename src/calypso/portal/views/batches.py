"""An acceptance batch as the client reviews it, one ticket after the other, and its record (decision 12)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST, require_safe

from calypso.acceptance.queries import BatchPage, batch_page
from calypso.accounts.access import Viewer, as_viewer
from calypso.base.errors import NotVisible
from calypso.base.i18n import gettext as _
from calypso.composer.submit import Submission
from calypso.portal.decorators import for_clients
from calypso.portal.forms import ComposerForm
from calypso.portal.views.composing import compose, composer
from calypso.tickets.queries.revocable import may_take_back
from calypso.tickets.queries.ticket import ticket_page
from calypso.ui.documents import pdf, writes_pdf
from calypso.ui.htmx import render


@require_safe
def batch(request: HttpRequest, key: str) -> HttpResponse:
    """Shows the batch: its note, its tickets, its review's progress. Redirects a member of the team to the desk."""
    viewer = as_viewer(request.user)
    if not viewer.is_client:
        return redirect("desk:batch", key)
    page = batch_page(viewer, key)
    context = {
        "nav": "projects",
        "page": page,
        "batch": page.batch,
        "project": page.batch.project,
        "decided": _just_decided(request, viewer, page),
    }
    return render(request, "portal/batch.html", context)


@require_safe
@for_clients
def review(request: HttpRequest, viewer: Viewer, key: str, reference: str) -> HttpResponse:
    """Shows one ticket of the batch: the request, the work done, and the decision to take."""
    return _page(request, viewer, key, reference)


@require_POST
@for_clients
def decide(request: HttpRequest, viewer: Viewer, key: str, reference: str) -> HttpResponse:
    """Closes or returns the ticket, then redirects to the next ticket that waits for a decision."""
    batch_page(viewer, key).line(reference)
    submission = compose(request, viewer, reference)
    if not submission.done:
        return _page(request, viewer, key, reference, submission)
    after = batch_page(viewer, key).next
    if after is None:
        return redirect(f"{resolve_url('portal:batch', key)}?fait=verifie&sur={reference}")
    return redirect(f"{resolve_url('portal:review', key, after.ticket.reference)}?fait=decide&sur={reference}")


def _just_decided(request: HttpRequest, viewer: Viewer, lot: BatchPage) -> str:
    """Returns the reference of the ticket that the viewer just decided, while they may take it back, or ""."""
    reference = request.GET.get("sur", "")
    known = any(line.ticket.reference == reference for line in lot.lines)
    return reference if known and may_take_back(viewer, reference) else ""


@require_safe
def record(request: HttpRequest, key: str) -> HttpResponse:
    """Shows the record of a finished batch: who decided what, and when. For clients and the team."""
    return render(request, "portal/record.html", {"nav": "projects", "pdf": writes_pdf(), **_record(request, key)})


@require_safe
def record_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """Returns the same record as a PDF file. Raises NotVisible where the installation writes no PDF."""
    if not writes_pdf():
        raise NotVisible
    context = _record(request, key)
    return pdf(request, _("pv-%(key)s.pdf") % {"key": key}, "portal/record_pdf.html", context)


def _record(request: HttpRequest, key: str) -> dict[str, Any]:
    page = batch_page(as_viewer(request.user), key)
    if page.batch.finished_at is None:
        raise NotVisible
    return {"page": page, "batch": page.batch, "project": page.batch.project}


def _page(
    request: HttpRequest,
    viewer: Viewer,
    key: str,
    reference: str,
    submission: Submission[ComposerForm] | None = None,
) -> HttpResponse:
    lot, page = batch_page(viewer, key), ticket_page(viewer, reference)
    line, before, after = lot.line(reference)
    context = {
        "nav": "projects",
        "lot": lot,
        "batch": lot.batch,
        "line": line,
        "before": before,
        "after": after,
        "decided": _just_decided(request, viewer, lot),
        "page": page,
        "ticket": page.ticket,
        "files": [
            file for entry in page.entries if line.said and entry.event.pk == line.said.pk for file in entry.files
        ],
        **composer(request, viewer, page, submission),
    }
    return render(request, "portal/review.html", context, status=submission.status if submission else 200)
