"""Taking a closing or a return back, for both sides (decision 33)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.views.decorators.http import require_POST

from calypso.accounts.access import as_viewer
from calypso.base.references import new_key
from calypso.tickets.actions.drafts import keep_text
from calypso.tickets.actions.taking_back import take_back as take_step_back
from calypso.tickets.queries.drafts import draft_purpose
from calypso.tickets.queries.rows import seen_ticket
from calypso.ui.next_url import go_to, own_path


@require_POST
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Takes the viewer's last act on the ticket back; shows the ticket where it was, its words in the form again."""
    viewer = as_viewer(request.user)
    done = take_step_back(viewer, ticket=seen_ticket(viewer, reference))
    page = own_path(request.POST.get("retour", "")) or resolve_url("portal:ticket", reference)
    fields = {"body": done.words, "kind": "note" if done.is_note else "reply"}
    path, key = page.partition("?")[0], new_key()
    draft = keep_text(viewer, form_key=key, purpose=draft_purpose("comment"), fields=fields, page=path)
    words = f"brouillon={key}&" if draft else ""
    return go_to(f"{page}{'&' if '?' in page else '?'}{words}fait=repris")
