"""The page of one act, opened from a mail: opening it changes nothing, one click acts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_safe

from calypso.accounts.access import as_viewer
from calypso.base.errors import NotVisible
from calypso.portal.views.composing import acts_of, composer
from calypso.tickets.act_links import read
from calypso.tickets.queries.ticket import ticket_page
from calypso.ui.htmx import render

OTHERS = 403


@require_safe
def act(request: HttpRequest, token: str) -> HttpResponse:
    """Shows the ticket in brief and the one act that the link asks for, to the person it was made for.

    Whoever else opens it is told so; an act that the ticket no longer allows leads to its page. What is sent goes where
    the ticket's own form sends it.
    """
    viewer, asked = as_viewer(request.user), read(token)
    if asked is None:
        raise NotVisible
    if not viewer.is_client:
        return redirect("desk:ticket", asked.reference)
    if viewer.key != asked.person_key:
        return render(request, "portal/act_of_another.html", {"reference": asked.reference}, status=OTHERS)
    page = ticket_page(viewer, asked.reference)
    ticket_url = resolve_url("portal:ticket", asked.reference)
    allowed = {act.name for act in acts_of(page, "")} if page.may_reply else set()
    if asked.has_ended or asked.act not in allowed:
        return redirect(f"{ticket_url}?fait={'lien-fini' if asked.has_ended else 'lien-depasse'}")
    told = (row for row in page.entries if row.event.body and row.event.actor_id != viewer.pk)
    last = next(told, page.entries[0])  # what is answered, if anything
    context = {"page": page, "ticket": page.ticket, "last": last, "act": asked.act, **composer(request, viewer, page)}
    return render(request, "portal/act.html", context)
