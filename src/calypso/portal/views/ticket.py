"""The page of one ticket: details, conversation, comment, return, close (S72–S82, S86–S87, S94–S99)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST, require_safe

from calypso.acceptance.queries import batch_of
from calypso.accounts.access import Viewer, as_viewer
from calypso.composer.reading import shown_entries
from calypso.composer.submit import Submission
from calypso.portal.decorators import for_clients
from calypso.portal.forms import ComposerForm, RatingForm
from calypso.portal.views.composing import compose, composer
from calypso.sla.clock import sides_of
from calypso.tickets.access import may_rate
from calypso.tickets.actions.rating import rate
from calypso.tickets.queries.rows import seen_ticket
from calypso.tickets.queries.ticket import ticket_page
from calypso.tickets.satisfaction import ANSWERS
from calypso.ui.htmx import render


@require_safe
def ticket(request: HttpRequest, reference: str) -> HttpResponse:
    """Shows a ticket. « Voir Ticket » in every mail links here (S129).

    Redirects a member of the team to the desk.
    """
    viewer = as_viewer(request.user)
    if not viewer.is_client:
        return redirect("desk:ticket", reference)
    return _page(request, viewer, reference, composer_open="brouillon" in request.GET or "ajouter" in request.GET)


@require_POST
@for_clients
def satisfaction(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Saves the answer to the satisfaction question asked at closing."""
    rate(viewer, ticket=seen_ticket(viewer, reference), answer=RatingForm(request.POST).text("answer"))
    return redirect(resolve_url("portal:ticket", reference) + "?fait=avis-donne")


@require_POST
@for_clients
def send(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Adds a comment, returns or closes the ticket: one URL and one form for all three."""
    submission = compose(request, viewer, reference)
    if submission.done:
        return redirect(resolve_url("portal:ticket", reference) + f"?fait={submission.done}")
    return _page(request, viewer, reference, submission, composer_open=True)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    reference: str,
    submission: Submission[ComposerForm] | None = None,
    *,
    composer_open: bool,
) -> HttpResponse:
    """Renders the ticket as it is now, with the composer as it was posted."""
    most, words = shown_entries(request)
    page = ticket_page(viewer, reference, most=most, words=words)
    if not page.ticket.is_open and page.total > len(page.entries):
        page = ticket_page(viewer, reference)  # the recap sheet holds everything (S99)
    context = {
        "nav": "projects",
        "page": page,
        "ticket": page.ticket,
        "sides": sides_of(page.ticket),
        "answers": ANSWERS if may_rate(viewer, page.ticket) else {},
        "batch": batch_of(viewer, page.ticket) if page.state == "processed" else None,
        "composer_open": composer_open,
        **composer(request, viewer, page, submission),
    }
    template = "portal/ticket.html" if page.ticket.is_open else "portal/closed_ticket.html"
    return render(request, template, context, status=submission.status if submission else 200)
