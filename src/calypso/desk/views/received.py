"""The received mails: those that wait for somebody, what is done with them (R89, R93)."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST, require_safe

from calypso.accounts.access import Viewer
from calypso.base.chosen import chosen
from calypso.base.errors import Conflict, Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.paging import page_of
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import AttachForm, RuleForm, SortForm
from calypso.mailin import actions
from calypso.mailin.queries import (
    SeenMail,
    companies_near,
    get_received,
    raw_of,
    received_page,
    reference_in,
    sender_rules,
    writer_of,
)
from calypso.tickets.access import may_note
from calypso.tickets.queries.rows import seen_ticket
from calypso.ui.forms import WordsForm, page_number

MESSAGE = "message/rfc822"
LEFT_OUT = "&fait=fichiers-restes"


@require_safe
@for_staff
def received(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lists the received mails in a state, newest first, those to sort unless another is asked; searches them."""
    state, words = request.GET.get("etat", "held"), WordsForm(request.GET).text("q")
    rows = received_page(viewer, state, words)
    page = page_of(rows, page_number(request), chosen("LIST_PAGE_SIZE"))
    context = {"nav": "emails", "page": page, "state": state, "words": words, "rules": sender_rules(viewer)}
    return desk_page(request, viewer, "received", context)


@require_POST
@for_staff
def sort(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Sets the chosen mails aside, or takes them up again."""
    form = SortForm(request.POST)
    form.accepted()
    taken_up = form.text("act") == "reprendre"
    settle = actions.take_up if taken_up else actions.discard
    settle(viewer, keys=form.several("mails"))
    done = "rien-coche" if not form.several("mails") else "a-trier" if taken_up else "ecarte"
    within = {name: form.text(name) for name in ("etat", "q", "page") if form.text(name)}
    return redirect(f"{resolve_url('desk:received')}?{urlencode({'fait': done, **within})}")


@require_safe
@for_staff
def mail(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows one received mail, and what can be done with it."""
    found = get_received(viewer, key)
    return _page(request, viewer, found, AttachForm(initial={"reference": reference_in(found)}))


def _page(
    request: HttpRequest, viewer: Viewer, found: SeenMail, form: AttachForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "nav": "emails",
        "mail": found,
        "sender": writer_of(found),
        "companies": companies_near(viewer, found),
        "form": form,
    }
    return desk_page(request, viewer, "received_mail", context, status=status)


@require_safe
@for_staff
def raw(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Returns the message as it came, always as a download."""
    with raw_of(viewer, key) as content:
        response = HttpResponse(content.read(), content_type=MESSAGE)
    response.headers["Content-Disposition"] = f'attachment; filename="{key}.eml"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_POST
@for_staff
def read_again(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Has the worker read the mail again."""
    actions.read_again(viewer, mail=get_received(viewer, key))
    return redirect(resolve_url("desk:received_mail", key) + "?fait=relu")


@require_POST
@for_staff
def set_domain_aside(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Sets aside what comes from the domain of the mail, from now on too."""
    found = get_received(viewer, key)
    try:
        actions.set_domain_aside(viewer, mail=found)
    except Invalid as refusal:
        return _page(request, viewer, found, AttachForm(request.POST).refuse(refusal), status=422)
    return redirect(resolve_url("desk:received") + "?fait=ecarte")


@require_POST
@for_staff
def remove_rule(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Lets the messages of a domain be sorted again."""
    actions.remove_rule(viewer, domain=RuleForm(request.POST).text("domain"))
    return redirect(resolve_url("desk:received") + "?fait=regle-retiree")


@require_POST
@for_staff
def attach(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Opens the page of the ticket, its composer filled in with the mail, as a note until somebody says otherwise."""
    found, form = get_received(viewer, key), AttachForm(request.POST)
    reference = form.text("reference").strip().upper()
    try:
        ticket = seen_ticket(viewer, reference)
        if not may_note(viewer, ticket):
            raise Conflict(_("Ce ticket ne change plus : créez-en un autre."))
        page = resolve_url("desk:ticket", ticket.reference)
        draft, all_files = actions.write_with(viewer, mail=found, opening=False, page=page)
    except NotVisible:
        form.add_error("reference", _("Aucun ticket n'a cette référence."))
        return _page(request, viewer, found, form, status=422)
    except Conflict as conflict:
        return _page(request, viewer, found, form.refuse(conflict.as_invalid()), status=409)
    return redirect(f"{page}?brouillon={draft}{'' if all_files else LEFT_OUT}#composer-form")


@require_POST
@for_staff
def open_with(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Opens the page of a new ticket, filled in with the mail."""
    found = get_received(viewer, key)
    page = resolve_url("desk:new")
    try:
        draft, all_files = actions.write_with(viewer, mail=found, opening=True, page=page)
    except Conflict as conflict:
        return _page(request, viewer, found, AttachForm(request.POST).refuse(conflict.as_invalid()), status=409)
    sender = writer_of(found)
    caller = f"personne={sender.key}&" if sender and sender.is_client else ""
    return redirect(f"{page}?{caller}brouillon={draft}{'' if all_files else LEFT_OUT}")
