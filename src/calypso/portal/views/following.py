"""Following or muting a ticket, for clients and the team alike: access depends on the viewer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from calypso.accounts.access import as_viewer
from calypso.portal.forms import FollowingForm
from calypso.tickets.actions.following import set_following
from calypso.tickets.queries.rows import seen_ticket


@require_POST
def follow(request: HttpRequest, reference: str) -> HttpResponse:
    """Follows the ticket, mutes it, or does neither."""
    viewer = as_viewer(request.user)
    ticket = seen_ticket(viewer, reference)
    set_following(viewer, ticket=ticket, following=FollowingForm(request.POST).text("following"))
    return redirect("portal:ticket" if viewer.is_client else "desk:ticket", reference)
