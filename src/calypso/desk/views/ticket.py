"""One ticket at the desk: conversation, internal notes, steps, assignment, retained priority, mails."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_GET, require_POST

from calypso.accounts.access import Viewer
from calypso.accounts.queries import get_person
from calypso.base.errors import Conflict, Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.uploads import accepted_extensions
from calypso.desk.doors import desk_page, for_staff
from calypso.desk.forms import AssignForm, ComposerForm, PriorityForm
from calypso.tickets import access
from calypso.tickets.actions import drafts
from calypso.tickets.actions.acting import COMMENT, NOTE, act
from calypso.tickets.actions.steps import assign, retain_priority
from calypso.tickets.priorities import PRIORITIES, Priority
from calypso.tickets.queries.desk import assignable
from calypso.tickets.queries.rows import get_ticket
from calypso.tickets.queries.ticket import draft_purpose, get_draft, ticket_emails, ticket_page
from calypso.ui.forms import Form, form_key, uploads

PURPOSE = draft_purpose("comment")
DONE = {COMMENT: "commente", NOTE: "note"}


@require_GET
@for_staff
def ticket(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """The page of a ticket."""
    key = form_key(request)
    return _page(request, viewer, reference, ComposerForm(initial=get_draft(viewer, key)[0]), key)


@require_POST
@for_staff
def send(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Answers the client, leaves a note, or takes a step: one address, one form."""
    form, key = ComposerForm(request.POST), form_key(request)
    seen = get_ticket(viewer, reference)
    refused = drafts.keep_files(viewer, form_key=key, purpose=PURPOSE, uploads=uploads(request))
    if request.POST.get("retirer"):
        drafts.remove_file(viewer, form_key=key, key=request.POST["retirer"])
        return _page(request, viewer, reference, ComposerForm(initial=form.typed()), key)

    def perform() -> str:
        if refused:
            raise Invalid({"attachments": refused})
        act(
            viewer,
            ticket=seen,
            name=form.text("act"),
            seen_version=form.number("version"),
            body=form.text("body"),
            form_key=key,
        )
        return DONE.get(form.text("act"), "etape")

    return _done(request, viewer, reference, form, key, perform)


@require_POST
@for_staff
def assign_ticket(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Gives the ticket to a member of the team, or takes it."""
    form, key = AssignForm(request.POST), form_key(request)
    seen = get_ticket(viewer, reference)

    def perform() -> str:
        try:
            assignee = get_person(viewer, form.text("assignee"))
        except NotVisible:
            raise Invalid({"assignee": [_("Choisissez un intervenant de la liste.")]}) from None
        assign(viewer, ticket=seen, assignee=assignee, seen_version=form.number("version"), form_key=key)
        return "affecte"

    return _done(request, viewer, reference, form, key, perform)


@require_POST
@for_staff
def retain(request: HttpRequest, viewer: Viewer, reference: str) -> HttpResponse:
    """Retains another priority than the declared one, with a reason that the client sees."""
    form, key = PriorityForm(request.POST), form_key(request)
    seen = get_ticket(viewer, reference)

    def perform() -> str:
        if form.text("priority") not in list(Priority):
            raise Invalid({"priority": [_("Choisissez une priorité.")]})
        retain_priority(
            viewer,
            ticket=seen,
            priority=Priority(form.text("priority")),
            reason=form.text("reason"),
            seen_version=form.number("version"),
            form_key=key,
        )
        return "priorite"

    return _done(request, viewer, reference, form, key, perform)


def _done(
    request: HttpRequest, viewer: Viewer, reference: str, form: Form, key: str, perform: Callable[[], str]
) -> HttpResponse:
    """Performs the act of a form; a refusal shows the ticket again, as it now is, with everything that was typed."""
    try:
        form.accepted()
        done = perform()
    except Invalid as refusal:
        return _page(request, viewer, reference, form.refuse(refusal), key, status=422)
    except Conflict as conflict:
        return _page(request, viewer, reference, form, key, conflict=conflict.message, status=409)
    return redirect(resolve_url("desk:ticket", reference) + f"?fait={done}")


def _page(
    request: HttpRequest, viewer: Viewer, reference: str, form: Form, key: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of the ticket as it is now; `form` is the one of the three forms that was posted, if any."""
    page = ticket_page(viewer, reference)
    seen = page.ticket
    forms: dict[str, Form] = {
        "composer": ComposerForm(),
        "assign": AssignForm(initial={"assignee": seen.assignee.key if seen.assignee else ""}),
        "priority": PriorityForm(initial={"priority": seen.priority, "reason": seen.priority_reason}),
    }
    kind = {ComposerForm: "composer", AssignForm: "assign", PriorityForm: "priority"}[type(form)]
    forms[kind] = form
    context = {
        "nav": "ticket",
        "page": page,
        "ticket": seen,
        "forms": forms,
        "posted": kind,
        "form_key": key,
        "kept": get_draft(viewer, key)[1],
        "most": settings.COMMENT_FILES,
        "max_mb": settings.FILE_MAX_MB,
        "accept": accepted_extensions(),
        "emails": ticket_emails(viewer, seen),
        "team": [(person.key, person.full_name) for person in assignable(viewer)],
        "may_assign": access.may_assign(viewer, seen),
        "may_take": access.may_take(viewer, seen),
        "may_retain": access.may_retain_priority(viewer, seen),
        "priorities": [(key.value, _(key.label)) for key in PRIORITIES],
        "conflict": "",
        **more,
    }
    return desk_page(request, viewer, "ticket", context, parts=("conversation",), status=status)
