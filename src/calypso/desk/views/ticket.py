"""One ticket at the desk: conversation, internal notes, steps, assignment, retained priority, mails."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST, require_safe

from calypso.accounts.access import Viewer
from calypso.accounts.queries import get_person
from calypso.base.errors import Conflict, Invalid, NotVisible, SpentForm
from calypso.base.i18n import gettext as _
from calypso.base.text import QUESTION_MAX
from calypso.base.uploads import accepted_extensions
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import TicketForm
from calypso.desk.views.queue import filters_of, question_of
from calypso.search.nearby import nearby
from calypso.sla.clock import sides_of
from calypso.sla.due import due_of
from calypso.teamwork.actions.rd_reference import refer
from calypso.teamwork.queries.canned_replies import filled_replies
from calypso.teamwork.queries.links import link_kinds, related
from calypso.teamwork.queries.queue import Place, assignable, place_in_queue
from calypso.teamwork.queries.todo import todo_list
from calypso.teamwork.queries.work import time_on
from calypso.tickets import access
from calypso.tickets.access import SeenTicket
from calypso.tickets.actions import drafts
from calypso.tickets.actions.dispatch import COMMENT, NOTE, act
from calypso.tickets.actions.steps import assign, retain_priority, withdraw
from calypso.tickets.priorities import PRIORITIES, Priority
from calypso.tickets.queries.drafts import draft_purpose, get_draft, unsent_draft
from calypso.tickets.queries.rows import seen_ticket
from calypso.tickets.queries.ticket import ticket_emails, ticket_page
from calypso.tickets.satisfaction import ANSWERS
from calypso.ui.forms import form_key, resumed_key, uploads

PURPOSE = draft_purpose("comment")
DONE = {COMMENT: "commente", NOTE: "note"}
# What a draft gives back: what is typed, and to whom it is said. A note that came back as an answer would leave (R11).
WRITTEN = (
    "body",
    "kind",
    "reason",
    "rd_reference",
    "rd_url",
    "link_reference",
    "issue_title",
    "todo",
    "spent",
    "spent_note",
)


@require_safe
@for_staff
def ticket(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """The page of a ticket."""
    return _page(request, viewer, reference)


@require_POST
@for_staff
def send(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Answers the client, leaves a note, or takes a step."""
    key = form_key(request)

    def perform(form: TicketForm, seen: SeenTicket) -> str:
        _require_one_kind(form)
        act(
            viewer,
            ticket=seen,
            name=form.text("act"),
            seen_version=form.number("version"),
            body=form.text("body"),
            form_key=key,
        )
        prepared = form.text("act") == "process" and seen.project.by_batch
        return "prepare" if prepared else DONE.get(form.text("act"), "etape")

    return posted(request, viewer, reference, perform)


@require_POST
@for_staff
def assign_ticket(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Gives the ticket to a member of the team, or takes it."""

    def perform(form: TicketForm, seen: SeenTicket) -> str:
        version = form.number("version")
        try:
            assignee = viewer if form.flag("take") else get_person(viewer, form.text("assignee"))
        except NotVisible:
            raise Invalid({"assignee": [_("Choisissez un intervenant de la liste.")]}) from None
        assign(viewer, ticket=seen, assignee=assignee, seen_version=version, form_key=f"{form_key(request)}a{version}")
        return "affecte"

    return posted(request, viewer, reference, perform, beside=("assignee",))


@require_POST
@for_staff
def retain(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Retains another priority than the declared one, with a reason that the client sees."""

    def perform(form: TicketForm, seen: SeenTicket) -> str:
        if form.text("priority") not in list(Priority):
            raise Invalid({"priority": [_("Choisissez une priorité.")]})
        retain_priority(
            viewer,
            ticket=seen,
            priority=Priority(form.text("priority")),
            reason=form.text("reason"),
            seen_version=form.number("version"),
            form_key=f"{form_key(request)}p{form.number('version')}",
        )
        return "priorite"

    return posted(request, viewer, reference, perform, beside=("priority", "reason"))


@require_POST
@for_staff
def refer_to_rd(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Says where R&D follows the ticket."""

    def perform(form: TicketForm, seen: SeenTicket) -> str:
        refer(
            viewer,
            ticket=seen,
            reference=form.text("rd_reference"),
            url=form.text("rd_url"),
            seen_version=form.number("version"),
            form_key=f"{form_key(request)}r{form.number('version')}",
        )
        return "rd"

    return posted(request, viewer, reference, perform, beside=("rd_reference", "rd_url"))


@require_POST
@for_staff
def withdraw_ticket(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Takes the ticket back from those to publish."""

    def perform(form: TicketForm, seen: SeenTicket) -> str:
        version = form.number("version")
        withdraw(viewer, ticket=seen, seen_version=version, form_key=f"{form_key(request)}w{version}")
        return "retire"

    return posted(request, viewer, reference, perform, beside=())


def _require_one_kind(form: TicketForm) -> None:
    """Raises Invalid when button and tab contradict each other: a note never leaves for a client (R11)."""
    kind, is_note = form.text("kind"), form.text("act") == "note"
    if kind and (kind == "note") is not is_note:
        message = {
            True: _("Vous répondiez au client : choisissez « Note interne » si ce texte est pour l'équipe."),
            False: _("Vous écriviez une note interne : choisissez « Réponse au client » si ce texte est pour lui."),
        }
        raise Invalid({"act": [message[is_note]]})


def posted(
    request: HttpRequest,
    viewer: Viewer,
    reference: str,
    perform: Callable[[TicketForm, SeenTicket], str],
    *,
    beside: tuple[str, ...] | None = None,
) -> HttpResponse:
    """Performs the act of a button; a refusal shows the ticket again, as it now is, with everything that was typed.

    An act `beside` the composer leaves what is being written there and in the other fields, unsent: it is kept as a
    draft (R68), but for the fields that the act took, which `beside` names.
    """
    form, key = TicketForm(request.POST), form_key(request)
    seen = seen_ticket(viewer, reference)
    refused = drafts.keep_files(viewer, form_key=key, purpose=PURPOSE, uploads=uploads(request))
    if request.POST.get("retirer"):
        drafts.remove_file(viewer, form_key=key, key=request.POST["retirer"])
        return _page(request, viewer, reference, TicketForm(initial=form.typed()))
    if request.POST.get("insert"):
        return _page(request, viewer, reference, TicketForm(initial=_with_reply(form, viewer, seen)))
    try:
        form.accepted()
        if refused:
            raise Invalid({"attachments": refused})
        done = perform(form, seen)
    except Invalid as refusal:
        return _page(request, viewer, reference, form.refuse(refusal), status=422)
    except SpentForm as spent:
        fresh = drafts.renew_key(viewer, form_key=key)
        return _page(request, viewer, reference, form, key=fresh, conflict=spent.message, status=409)
    except Conflict as conflict:
        return _page(request, viewer, reference, form, conflict=conflict.message, status=409)
    query = {"fait": done, **_within(request)}
    here = resolve_url("desk:ticket", reference)
    if beside is None:
        drafts.drop_sent(viewer, page=here, name="body", text=form.text("body"))
    elif drafts.keep_text(viewer, form_key=key, purpose=PURPOSE, fields=_left(form, beside), page=here):
        query["brouillon"] = key
    return redirect(f"{here}?{urlencode(query)}")


def _left(form: TicketForm, taken: tuple[str, ...]) -> dict[str, str]:
    """What is typed and not sent, once an act took the fields that are its own."""
    return {name: text for name, text in form.typed().items() if name in WRITTEN and name not in taken}


def _with_reply(form: TicketForm, viewer: Viewer, seen: SeenTicket) -> dict[str, str]:
    """What was typed, with the canned reply that was named after the text: what script does, without it."""
    typed, name = form.typed(), form.text("reply")
    found = [reply.text for reply in filled_replies(viewer, seen) if reply.name == name]
    if found:
        typed |= {"body": "\n".join([*filter(None, [typed.get("body", "")]), found[0]]), "reply": ""}
    return typed


def _within(request: HttpRequest) -> dict[str, str]:
    """The queue that one came from, as the address carries it along."""
    return {"dans": request.GET["dans"][:QUESTION_MAX]} if "dans" in request.GET else {}


def _place(request: HttpRequest, viewer: Viewer, reference: str) -> Place | None:
    """Where the ticket stands in that queue; nothing when the address names none, or one that cannot be read."""
    within = _within(request)
    if not within:
        return None
    asked = QueryDict(question_of(QueryDict(within["dans"])))
    try:
        return place_in_queue(viewer, filters_of(asked), asked.get("tri", ""), reference)
    except Invalid:
        return None


def _page(
    request: HttpRequest,
    viewer: Viewer,
    reference: str,
    form: TicketForm | None = None,
    *,
    key: str = "",
    status: int = 200,
    conflict: str = "",
) -> HttpResponse:
    """The page of the ticket as it is now; `form` is what was posted, if anything was, under a new `key` if need be."""
    page = ticket_page(viewer, reference)
    seen, resumed = page.ticket, key or resumed_key(request)
    typed, kept = get_draft(viewer, resumed)
    present = {
        "assignee": seen.assignee.key if seen.assignee else "",
        "priority": seen.priority,
        "reason": seen.priority_reason,
        "rd_reference": seen.rd_reference,
        "rd_url": seen.rd_url,
    }
    present |= {name: typed[name] for name in WRITTEN if typed.get(name) and not present.get(name)}
    context: dict[str, Any] = {
        "nav": "ticket",
        "page": page,
        "ticket": seen,
        "form": form or TicketForm(initial=present),
        "form_key": resumed or form_key(request),
        "unsent": None if resumed and page.may_note else unsent_draft(viewer, request.path),
        "kept": kept,
        "most": settings.COMMENT_FILES,
        "max_mb": settings.FILE_MAX_MB,
        "accept": accepted_extensions(),
        "emails": ticket_emails(viewer, seen),
        "team": [(person.key, person.full_name) for person in assignable(viewer)],
        "may_assign": access.may_assign(viewer, seen),
        "may_withdraw": access.may_withdraw(viewer, seen),
        "may_take": access.may_take(viewer, seen),
        "may_retain": access.may_retain_priority(viewer, seen),
        "priorities": [(key.value, _(key.label)) for key in PRIORITIES],
        "conflict": conflict,
        "replies": filled_replies(viewer, seen) if page.may_note else [],
        "related": (around := related(viewer, seen)),
        "kinds_of_link": link_kinds(),
        "issues": [(issue.key, issue.title) for issue in around.issues],
        "todo": todo_list(viewer, seen),
        "time": time_on(viewer, seen),
        "answers": ANSWERS,
        "due": due_of(seen),
        "sides": sides_of(seen),
        "near": nearby(viewer, project=seen.project, title=seen.title, page_url=seen.page_url, but=seen.pk),
        "place": _place(request, viewer, reference),
        "within": f"?{urlencode(within)}" if (within := _within(request)) else "",
    }
    return desk_page(request, viewer, "ticket", context, status=status)
