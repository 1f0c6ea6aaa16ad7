"""The client's composer, on whichever page it appears.

Saves the text and the files, performs the action or reports why it was refused.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from calypso.accounts.access import Viewer
from calypso.base.catalogue import gettext_noop
from calypso.composer.submit import COMMENT, Submission, composer_context, submit
from calypso.portal.forms import ComposerForm
from calypso.tickets.actions.dispatch import act
from calypso.tickets.queries.rows import seen_ticket
from calypso.tickets.queries.ticket import TicketPage
from calypso.tickets.workflow import State, StepName, Turn

DONE = {"comment": "commente", "return": "retourne", "close": "clos"}
SYMBOLS = {StepName.RETURN.value: "arrow-uturn-left", StepName.CLOSE.value: "check"}


@dataclass(frozen=True, slots=True)
class Act:
    """A button of the composer: its value, label (French, translated when shown) and icon, whether it is filled."""

    name: str
    label: str
    symbol: str
    is_main: bool


def acts_of(page: TicketPage, act_name: str) -> list[Act]:
    """Returns the buttons of the composer in the guide's order (S75), the requested act filled.

    Without a requested act, the comment is filled, except where the ticket waits for the client: a comment would leave
    it waiting, and the interface never preselects to return or to close (decision 9).
    """
    names = [step.name.value for step in page.steps]
    if act_name not in (*names, "comment"):
        act_name = "" if page.state.facts.turn is Turn.CLIENT else "comment"
    acts = [
        Act(step.name.value, step.label, SYMBOLS[step.name.value], step.name.value == act_name) for step in page.steps
    ]
    return [*acts, Act("comment", gettext_noop("Ajouter le commentaire"), "", act_name == "comment")]


def compose(request: HttpRequest, viewer: Viewer, reference: str) -> Submission[ComposerForm]:
    """Adds a comment, returns or closes the ticket; `done` is the key of the toast to show. Raises NotVisible."""
    ticket = seen_ticket(viewer, reference)

    def perform(form: ComposerForm, key: str) -> str:
        event = act(
            viewer,
            ticket=ticket,
            name=form.text("act"),
            seen_version=form.number("version"),
            body=form.text("body"),
            form_key=key,
            confirmed=form.flag("confirmed"),
        )
        # A comment leaves the ticket waiting for the client, who may have meant to return it: the toast says so.
        return "commente-attend" if State(event.state) is State.WAITING else DONE[form.text("act")]

    form = ComposerForm(request.POST)
    return submit(request, viewer, form, purpose=COMMENT, perform=perform, sent="body")


def composer(
    request: HttpRequest, viewer: Viewer, page: TicketPage, submission: Submission[ComposerForm] | None = None
) -> dict[str, Any]:
    """Returns the context of the composer: the form as posted or as its draft left it, the requested act."""
    context = composer_context(request, viewer, COMMENT, submission.key if submission else "", may_write=page.may_reply)
    typed = context["typed"]
    act_name = submission.form.text("act") if submission else request.GET.get("ajouter") or typed.get("act", "")
    return context | {
        "form": submission.form if submission else ComposerForm(initial=typed),
        "acts": acts_of(page, act_name),
        "doubt": submission.doubt if submission else "",
        "conflict": submission.conflict if submission else "",
    }
