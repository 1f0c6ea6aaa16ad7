"""One ticket at the desk: its page, and the messages to the client or to the team."""

from collections.abc import Collection
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST, require_safe

from calypso.accounts.access import Viewer
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import KEY_MAX, QUESTION_MAX
from calypso.composer.reading import shown_entries
from calypso.composer.submit import COMMENT, Submission, composer_context, submit
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import TicketPageForm, WriteForm
from calypso.desk.questions import filters_of, question_of
from calypso.mailin.queries import mails_about
from calypso.teamwork.queries.canned_replies import filled_replies
from calypso.teamwork.queries.desk_ticket import desk_ticket_page
from calypso.teamwork.queries.links import link_kinds
from calypso.teamwork.queries.queue import QueueFilters
from calypso.tickets.access import SeenTicket
from calypso.tickets.actions import dispatch, drafts
from calypso.tickets.priorities import PRIORITIES
from calypso.tickets.queries.rows import seen_ticket
from calypso.tickets.satisfaction import ANSWERS
from calypso.tickets.workflow import State, StepName
from calypso.ui.forms import typed_texts

LEAD_STEPS = {State.IN_PROGRESS: StepName.PROCESS}  # what the first button does besides sending, by state
DONE = {dispatch.COMMENT: "commente", dispatch.NOTE: "note"}
# The texts beside the composer, and the choices that go with them.
BESIDE = (
    *("priority", "reason", "rd_reference", "rd_url", "link_kind", "link_reference", "issue_title"),
    *("todo", "spent", "spent_note"),
)
# Fields restored from a draft: the texts, and `kind`, their audience. A note restored as an answer would be sent (R11).
WRITTEN = ("body", "kind", *BESIDE)


@require_safe
@for_staff
def ticket(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Shows the page of a ticket."""
    return show(request, viewer, reference)


@require_POST
@for_staff
def send(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Answers the client, adds an internal note, or takes a step."""
    ticket = seen_ticket(viewer, reference)

    def perform(_page: TicketPageForm, key: str) -> str:
        form = WriteForm(request.POST)
        _require_one_kind(form)
        act, version = form.text("act"), form.number("version")
        body, takes = form.text("body"), form.flag("mine")
        dispatch.act(viewer, ticket=ticket, name=act, seen_version=version, body=body, form_key=key, takes=takes)
        prepared = act == "process" and ticket.project.by_batch
        return "prepare" if prepared else DONE.get(act, "etape")

    submission = submit(
        request,
        viewer,
        TicketPageForm(request.POST),
        purpose=COMMENT,
        perform=perform,
        sent="body",
        rework=lambda form: with_reply(request, form, viewer, ticket),
    )
    if not submission.done:
        return show(request, viewer, reference, submission)
    draft = keep_others(request, viewer, reference, WriteForm.base_fields, new_key())
    return back_to(request, reference, submission.done, draft)


def keep_others(request: HttpRequest, viewer: Viewer, reference: str, used: Collection[str], key: str) -> str:
    """Saves what is typed in the forms of the page, but for the fields `used` by an act, as a draft under `key`.

    Returns the key; empty when nothing else is typed.
    """
    typed, page_url = typed_texts(request), resolve_url("desk:ticket", reference)
    fields = {name: typed[name] for name in WRITTEN if name in typed and name not in used}
    return key if drafts.keep_text(viewer, form_key=key, purpose=COMMENT, fields=fields, page=page_url) else ""


def _require_one_kind(form: WriteForm) -> None:
    """Raises Invalid when button and tab contradict each other: a note is never sent to a client (R11)."""
    kind, is_note = form.text("kind"), form.text("act") == "note"
    if kind and (kind == "note") is not is_note:
        message = {
            True: _("Vous répondiez au client : choisissez « Note interne » si ce texte est pour l'équipe."),
            False: _("Vous écriviez une note interne : choisissez « Réponse au client » si ce texte est pour lui."),
        }
        raise Invalid({"act": [message[is_note]]})


def with_reply(request: HttpRequest, form: TicketPageForm, viewer: Viewer, ticket: SeenTicket) -> dict[str, str] | None:
    """Returns what was typed, with the named canned reply added after the text.

    Does without script what the page's script does. Returns None unless the button asks for it.
    """
    if not request.POST.get("insert"):
        return None
    typed, name = form.typed(), form.text("reply")
    texts = [reply.text for reply in filled_replies(viewer, ticket) if reply.name == name]
    if texts:
        typed |= {"body": "\n".join([*filter(None, [typed.get("body", "")]), texts[0]]), "reply": ""}
    return typed


def back_to(request: HttpRequest, reference: str, done: str, draft: str = "") -> HttpResponse:
    """Redirects to the ticket after an action.

    `done` is the key of the toast to show, `draft` the key of the draft to fill the form with again, if any.
    """
    after = request.POST.get("suite", "")[:KEY_MAX]
    query = {"fait": done, **_within(request)} | ({"suite": after} if after else {})
    query |= {"brouillon": draft} if draft else {}
    return redirect(f"{resolve_url('desk:ticket', reference)}?{urlencode(query)}")


def _within(request: HttpRequest) -> dict[str, str]:
    """Returns the query parameter that holds the queue that the viewer came from."""
    return {"dans": request.GET["dans"][:QUESTION_MAX]} if "dans" in request.GET else {}


def _queue(request: HttpRequest) -> tuple[QueueFilters, str, str] | None:
    """Returns that queue's filters and sort, and the ticket that followed before an act.

    None when the URL names no queue, or one that cannot be read.
    """
    within = _within(request)
    if not within:
        return None
    asked = request.POST if request.method == "POST" else request.GET
    query = QueryDict(question_of(QueryDict(within["dans"])))
    try:
        return filters_of(query), query.get("tri", ""), asked.get("suite", "")
    except Invalid:
        return None


def show(
    request: HttpRequest, viewer: Viewer, reference: str, submission: Submission[TicketPageForm] | None = None
) -> HttpResponse:
    """Renders the ticket as it is now, with its forms as they were posted, if they were."""
    most, words = shown_entries(request)
    desk = desk_ticket_page(viewer, reference, _queue(request), most=most, words=words)
    page, ticket, within = desk.page, desk.page.ticket, _within(request)
    context = composer_context(request, viewer, COMMENT, submission.key if submission else "", may_write=page.may_note)
    typed = context["typed"]
    shown = {
        "assignee": ticket.assignee.key if ticket.assignee else "",
        "priority": ticket.priority,
        "reason": ticket.priority_reason,
        "rd_reference": ticket.rd_reference,
        "rd_url": ticket.rd_url,
    }
    unsent = {name: typed[name] for name in WRITTEN if typed.get(name)}
    form = submission.form if submission else TicketPageForm(initial=shown | unsent)
    touched = {name for name in BESIDE if form[name].value() not in (None, "", shown.get(name))}
    context |= {
        "nav": "ticket",
        "desk": desk,
        "page": page,
        "ticket": ticket,
        "form": form,
        "shown": form if form.is_bound else TicketPageForm(initial=shown),
        "opened": lambda *names: any(name in touched or form.messages(name) for name in names),
        "conflict": submission.conflict if submission else "",
        "team": [(person.key, person.full_name) for person in desk.team],
        "priorities": [(key.value, _(key.label)) for key in PRIORITIES],
        "kinds_of_link": link_kinds(),
        "issues": [(issue.key, issue.title) for issue in desk.related.issues],
        "answers": ANSWERS,
        "received": mails_about(ticket),
        "lead_step": LEAD_STEPS.get(page.state, ""),
        "within": f"?{urlencode(within)}" if within else "",
    }
    return desk_page(request, viewer, "ticket", context, status=submission.status if submission else 200)
