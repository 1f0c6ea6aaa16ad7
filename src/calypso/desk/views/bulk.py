"""One action on all the tickets selected in the queue: review them, order it, read the outcome of each."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import resolve_url
from django.views.decorators.http import require_POST, require_safe

from calypso.accounts.access import Viewer
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.desk.decorators import desk_page, for_staff
from calypso.desk.forms import BulkForm
from calypso.desk.questions import filters_of
from calypso.teamwork.actions.bulk import Chosen
from calypso.teamwork.actions.orders import MOST, MOST_EXPORTED, place_export, place_order
from calypso.teamwork.queries.orders import order_page, workbook_of_order
from calypso.teamwork.queries.queue import assignable, matching, named
from calypso.tickets.access import SeenTicket, steps_for
from calypso.tickets.priorities import PRIORITIES
from calypso.tickets.workflow import STEPS, Step, StepName
from calypso.ui.downloads import workbook_download
from calypso.ui.forms import form_key
from calypso.ui.next_url import go_to, own_path

ACTS = ("assign", "step", "retain")
WORKBOOK = "tickets.xlsx"


@require_POST
@for_staff
def order(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Shows the form of a bulk action; once that form is posted, orders it and leads to its page."""
    asked = _of_card(request.POST)
    form = BulkForm(asked)
    act = form.text("act")
    if act not in ACTS:
        raise Invalid({"act": [_("Cette action n'existe pas.")]})
    if "chosen" not in asked:
        return _page(request, viewer, act, named(viewer, _selection(asked, viewer, MOST)), form)
    chosen = _parse_selection(form.text("chosen"))
    fields = {name: form.text(name) for name in ("assignee", "step", "body", "priority", "reason")}
    try:
        form.accepted()
        placed = place_order(viewer, act=act, fields=fields, chosen=chosen, form_key=form_key(request))
    except Invalid as refusal:
        tickets = named(viewer, [choice.reference for choice in chosen])
        return _page(request, viewer, act, tickets, form.refuse(refusal), status=422)
    return go_to(_order_path(request, placed.key))


@require_POST
@for_staff
def export(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Exports the selected tickets, or all that match the filters: at once, or by an order when they are many."""
    placed = place_export(viewer, references=_selection(request.POST, viewer, MOST_EXPORTED))
    if placed.finished_at is None:
        return go_to(_order_path(request, placed.key))
    return workbook_download(WORKBOOK, workbook_of_order(viewer, placed.key))


@require_safe
@for_staff
def progress(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Shows how far an order is, then what became of each of its tickets."""
    context = {"nav": "queue", "page": order_page(viewer, key), "back": _back(request.GET)}
    return desk_page(request, viewer, "order", context, parts=("ordre",))


@require_safe
@for_staff
def download(request: HttpRequest, viewer: Viewer, key: str) -> HttpResponse:
    """Returns the workbook that an order exported."""
    return workbook_download(WORKBOOK, workbook_of_order(viewer, key))


def _back(asked: QueryDict) -> str:
    """Returns the list or the board from which an order was asked."""
    return own_path(asked.get("retour", "")) or resolve_url("desk:queue")


def _order_path(request: HttpRequest, key: str) -> str:
    return f"{resolve_url('desk:order', key)}?{urlencode({'retour': _back(request.POST)})}"


def _of_card(post: QueryDict) -> QueryDict:
    """Returns what the button of a card of the board asks, `REFERENCE:step`, as the form of the queue asks it."""
    reference, _colon, step = post.get("move", "").partition(":")
    if not reference:
        return post
    asked = post.copy()
    asked["ref"], asked["step"] = reference, step
    return asked


def _selection(asked: QueryDict, viewer: Viewer, most: int) -> list[str]:
    """Returns the references selected in the queue, or all that match its filters when the form asks for all.

    Raises Invalid when more than `most` tickets match.
    """
    if not asked.get("tout"):
        return asked.getlist("ref")[:most]
    references = matching(viewer, filters_of(QueryDict(asked.get("question", ""))), most + 1)
    if len(references) > most:
        raise Invalid({"chosen": [_("Au plus %(most)d tickets à la fois.") % {"most": most}]})
    return references


def _parse_selection(text: str) -> list[Chosen]:
    """Parses the selection that the form carries, `REFERENCE:version,…`. Raises Invalid when unreadable."""
    pairs = [pair.partition(":") for pair in text.split(",") if pair]
    if not all(version.isascii() and version.isdigit() and len(version) < 10 for _name, _colon, version in pairs):
        raise Invalid({"chosen": [_("Cette sélection n'est pas lisible.")]})
    return [Chosen(reference, int(version)) for reference, _colon, version in pairs]


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
        "back": _back(request.POST),
    }
    return desk_page(request, viewer, "bulk", context, status=status)
