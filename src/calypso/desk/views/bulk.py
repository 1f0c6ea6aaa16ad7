"""One action on all the tickets selected in the queue: review them, run the action, read the outcome of each."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from calypso.accounts.access import Viewer
from calypso.accounts.queries import get_person
from calypso.base import journal
from calypso.base.errors import Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.sheets import Cell, Sheet
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import BulkForm
from calypso.desk.questions import filters_of
from calypso.teamwork.actions import bulk
from calypso.teamwork.actions.bulk import MOST, Chosen, Outcome
from calypso.teamwork.queries.queue import assignable, matching, named
from calypso.teamwork.queries.work import minutes_by_ticket
from calypso.tickets.access import SeenTicket, steps_for
from calypso.tickets.priorities import PRIORITIES
from calypso.tickets.workflow import STEPS, Step, StepName
from calypso.ui.downloads import workbook
from calypso.ui.forms import form_key

EXPORT_MOST = 10_000
ACTS = ("assign", "step", "retain")


@require_POST
@for_staff
def order(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows the form of a bulk action; once that form is posted, runs it and shows the outcome of each ticket."""
    asked = _of_card(request.POST)
    form = BulkForm(asked)
    act = form.text("act")
    if act not in ACTS:
        raise Invalid({"act": [_("Cette action n'existe pas.")]})
    if "chosen" not in asked:
        tickets = _selected_tickets(asked, viewer, MOST)
        return _page(request, viewer, act, tickets, form)
    chosen = _parse_selection(form.text("chosen"))
    try:
        form.accepted()
        outcomes = _run_action(viewer, form, act, chosen, form_key(request))
    except Invalid as refusal:
        tickets = named(viewer, [choice.reference for choice in chosen])
        return _page(request, viewer, act, tickets, form.refuse(refusal), status=422)
    return _result(request, viewer, act, outcomes, form)


@require_POST
@for_staff
def export(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Exports the selected tickets, or all that match the filters, as a spreadsheet (R60, R131)."""
    tickets = _selected_tickets(request.POST, viewer, EXPORT_MOST)
    journal.record("tickets.exported", actor=viewer.key, count=len(tickets))
    heads = [
        _("Référence"),
        _("Libellé"),
        _("Projet"),
        _("Société"),
        _("État"),
        _("Priorité"),
        _("Auteur"),
        _("Intervenant"),
        _("Création"),
        _("Activité"),
        _("Temps passé (min)"),
    ]
    spent = minutes_by_ticket(viewer, tickets)
    rows = (_cells(ticket, spent.get(ticket.pk)) for ticket in tickets)
    return workbook("tickets.xlsx", Sheet(_("Tickets"), heads, rows))


def _cells(ticket: SeenTicket, spent: int | None) -> Sequence[Cell]:
    return (
        ticket.reference,
        ticket.title,
        ticket.project.name,
        ticket.organization.name,
        _(ticket.state_now.facts.short),
        _(ticket.priority_now.label),
        ticket.author.full_name,
        ticket.assignee.full_name if ticket.assignee else "",
        ticket.created_at,
        ticket.activity_at,
        spent,
    )


def _of_card(post: QueryDict) -> QueryDict:
    """Returns what the button of a card of the board asks, `REFERENCE:step`, as the form of the queue asks it."""
    reference, _colon, step = post.get("move", "").partition(":")
    if not reference:
        return post
    asked = post.copy()
    asked["ref"], asked["step"] = reference, step
    return asked


def _selected_tickets(asked: QueryDict, viewer: Viewer, most: int) -> list[SeenTicket]:
    """Returns the tickets selected in the queue, or all that match its filters when the form asks for all.

    Raises Invalid when more than `most` tickets match.
    """
    if asked.get("tout"):
        tickets = matching(viewer, filters_of(QueryDict(asked.get("question", ""))), most + 1)
        if len(tickets) > most:
            raise Invalid({"chosen": [_("Au plus %(most)d tickets à la fois.") % {"most": most}]})
        return tickets
    return named(viewer, asked.getlist("ref")[:most])


def _parse_selection(text: str) -> list[Chosen]:
    """Parses the selection that the form carries, `REFERENCE:version,…`. Raises Invalid when unreadable."""
    pairs = [pair.partition(":") for pair in text.split(",") if pair]
    if not all(version.isascii() and version.isdigit() and len(version) < 10 for _name, _colon, version in pairs):
        raise Invalid({"chosen": [_("Cette sélection n'est pas lisible.")]})
    return [Chosen(reference, int(version)) for reference, _colon, version in pairs]


def _run_action(viewer: Viewer, form: BulkForm, act: str, chosen: list[Chosen], key: str) -> list[Outcome]:
    if act == "step":
        return bulk.step_all(viewer, chosen=chosen, step=form.text("step"), body=form.text("body"), form_key=key)
    if act == "retain":
        fields = {"priority": form.text("priority"), "reason": form.text("reason")}
        return bulk.retain_all(viewer, chosen=chosen, **fields, form_key=key)
    try:
        assignee = get_person(viewer, form.text("assignee"))
    except NotVisible:
        assignee = None
    return bulk.assign_all(viewer, chosen=chosen, assignee=assignee, form_key=key)


def _count_of_step(name: StepName, step_counts: Counter[Step]) -> int:
    return sum(number for step, number in step_counts.items() if step.name is name)


def _step_choice(name: StepName, step_counts: Counter[Step]) -> tuple[Step, int, list[str]]:
    """Returns a step, how many tickets it applies to, and its consequences.

    There are two consequences when some of the projects announce by batch.
    """
    steps = [step for step in step_counts if step.name is name]
    consequences = list(dict.fromkeys(step.consequence for step in steps if step.consequence))
    return steps[0] if len(consequences) < 2 else STEPS[name], _count_of_step(name, step_counts), consequences


def _page(
    request: HttpRequest, viewer: Viewer, act: str, tickets: list[SeenTicket], form: BulkForm, status: int = 200
) -> HttpResponse:
    step_counts = Counter(step for ticket in tickets if act == "step" for step in steps_for(viewer, ticket))
    context: dict[str, Any] = {
        "nav": "queue",
        "act": act,
        "tickets": tickets,
        "chosen": ",".join(f"{ticket.reference}:{ticket.version}" for ticket in tickets),
        "steps": [
            _step_choice(name, step_counts)
            for name in STEPS
            if name is not StepName.ASSIGN and _count_of_step(name, step_counts)
        ],
        "assignees": [(person.key, person.full_name) for person in assignable(viewer)] if act == "assign" else [],
        "priorities": [(priority.value, _(priority.label)) for priority in PRIORITIES],
        "form": form,
        "form_key": form_key(request),
    }
    return desk_page(request, viewer, "bulk", context, status=status)


def _result(request: HttpRequest, viewer: Viewer, act: str, outcomes: list[Outcome], form: BulkForm) -> HttpResponse:
    done = [outcome for outcome in outcomes if not outcome.refusal]
    refused = [outcome for outcome in outcomes if outcome.refusal]
    context = {"nav": "queue", "act": act, "done": done, "refused": refused, "form": form}
    return desk_page(request, viewer, "bulk_result", context)
