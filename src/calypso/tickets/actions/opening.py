"""The action that opens a ticket, and the validation of its form (S59–S69, S109)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.chosen import chosen
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.references import new_reference
from calypso.base.text import BODY_MAX, CONTEXT_MAX, TITLE_MAX
from calypso.base.validation import Input
from calypso.projects.access import require_open, viewer_ids, viewers_of
from calypso.projects.models import Project
from calypso.projects.queries import get_project
from calypso.tickets import access
from calypso.tickets.actions.writing import Enclosed, once, record
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.notices import tell
from calypso.tickets.priorities import Priority, needs_context

TRIES = 20


@dataclass(frozen=True, slots=True)
class Request:
    """The fields of the opening form, as typed. `follower` is a person's key, empty for nobody."""

    title: str
    description: str = ""
    page_url: str = ""
    priority: str = ""
    context: str = ""
    follower: str = ""


def open_ticket(
    by: User,
    *,
    project: Project,
    request: Request,
    form_key: str = "",
    author: User | None = None,
    asks_priority: bool = False,
    source: TicketEvent.Source = TicketEvent.Source.WEB,
    reference: Callable[[], str] = new_reference,
) -> Ticket:
    """Opens a ticket on a project visible to `by`, with the files of the form `form_key`, and sends its mail (M1).

    `author` is the client for whom a team member opens it (decision 5); the event's actor is the person who typed.
    With `asks_priority`, the priority of the request is a guess, and the author is asked for theirs.
    A form key opens one ticket only (R103). Raises Invalid, naming each field; Conflict on an archived project.
    """
    access.require_open_tickets(by)
    author = by if by.is_client else author
    last_reference = ""

    def act(once_key: str | None) -> TicketEvent:
        nonlocal last_reference
        last_reference = reference()
        current = get_project(by, project.key)
        require_open(current)
        checked = _check(current, request, author)
        assert author is not None  # otherwise `_check` has raised Invalid
        ticket = _insert(current, author, checked, last_reference, asks_priority=asks_priority)
        files = Enclosed(form_key, chosen("OPENING_FILES"))
        event = record(ticket, by, TicketEvent.Kind.OPENED, once_key=once_key, source=source, enclosed=files)
        tell("tickets.opened", ticket, event, checked.contact_ids)
        return event

    for _attempt in range(TRIES):
        try:
            return once(by, form_key, lambda entry: _is_same(entry, project, request), act).ticket
        except IntegrityError:
            if not Ticket.objects.filter(reference=last_reference).exists():
                raise
    raise Invalid({"": [_("Aucune référence libre n'a été trouvée ; réessayez.")]})


def _is_same(entry: TicketEvent, project: Project, request: Request) -> bool:
    """Returns whether the form was sent twice unchanged, rather than filled in again after it had been sent."""
    ticket, checked = entry.ticket, Input()
    words = (checked.line("", request.title, TITLE_MAX), checked.lines("", request.description, BODY_MAX))
    ticket_values = (ticket.project_id, ticket.title, ticket.description)
    return entry.kind == TicketEvent.Kind.OPENED and ticket_values == (project.pk, *words)


def problems(
    by: User, *, project: Project | None, request: Request, author: User | None = None
) -> dict[str, list[str]]:
    """Returns the validation errors of a request by field, without writing anything.

    `project` is None when none is chosen yet.
    """
    try:
        _check(project, request, by if by.is_client else author)
    except Invalid as refusal:
        return refusal.errors
    return {}


@dataclass(frozen=True, slots=True)
class _CheckedRequest:
    title: str
    description: str
    page_url: str
    priority: Priority
    context: str
    follower: User | None
    contact_ids: set[int]


def _check(project: Project | None, request: Request, author: User | None) -> _CheckedRequest:
    checked = Input()
    contact_ids = viewer_ids(project) if project else set()
    if project is None:
        checked.refuse("project", _("Choisissez un projet de la liste."))
    elif author is None or author.pk not in contact_ids:
        checked.refuse("author", _("Choisissez une personne qui voit ce projet."))
    title = checked.line("title", request.title, TITLE_MAX, required=True)
    description = checked.lines("description", request.description, BODY_MAX)
    page_url = checked.web_address("page_url", request.page_url)
    context = checked.line("context", request.context, CONTEXT_MAX)
    priority = Priority.LOW
    if request.priority not in [level.value for level in Priority]:
        checked.refuse("priority", _("Choisissez une priorité."))
    else:
        priority = Priority(request.priority)
        if needs_context(priority) and not context and "context" not in checked.errors:
            checked.refuse("context", _("Pour les priorités « Élevée » et « Bloquant », précisez le contexte."))
    follower = None
    if project and request.follower:
        follower = viewers_of(project).filter(key=request.follower).first()
        if follower is None or follower == author:
            checked.refuse("follower", _("Choisissez une personne de la liste."))
    checked.done()
    return _CheckedRequest(title, description, page_url, priority, context, follower, contact_ids)


def _insert(project: Project, author: User, checked: _CheckedRequest, reference: str, *, asks_priority: bool) -> Ticket:
    """Inserts the ticket and returns it with the related rows that notices read: its people and its loaded project.

    Raises IntegrityError when the reference is already used.
    """
    now = clock.now()
    ticket = Ticket(
        reference=reference,
        project=project,
        organization=project.organization,
        author=author,
        follower=checked.follower,
        title=checked.title,
        description=checked.description,
        page_url=checked.page_url,
        declared_priority=checked.priority.value,
        priority=checked.priority.value,
        context=checked.context,
        priority_asked=asks_priority,
        created_at=now,
        activity_at=now,
        turn_since=now,
        turn_reading=0,  # set by the service clock when the first entry is published
    )
    ticket.save(force_insert=True)
    return ticket
