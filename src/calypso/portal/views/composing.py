"""What the composer of a client does, whichever page holds it: keeps the text and the files, acts, or says why not."""

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
    """A button of the composer: its value, its label (French, translated where it is shown), whether it is filled."""

    name: str
    label: str
    symbol: str
    is_main: bool


def acts_of(page: TicketPage, asked: str) -> list[Act]:
    """The buttons of the composer: the act that was asked for first and filled, the plain comment last.

    Without one, the comment is filled, except where the ticket waits for the client: a comment would leave it waiting,
    and nothing chooses to return or to close for them (decision 9).
    """
    names = [step.name.value for step in page.steps]
    if asked not in (*names, "comment"):
        asked = "" if page.state.facts.turn is Turn.CLIENT else "comment"
    acts = [Act(step.name.value, step.label, SYMBOLS[step.name.value], step.name.value == asked) for step in page.steps]
    acts.sort(key=lambda act: not act.is_main)
    return [*acts, Act("comment", gettext_noop("Ajouter le commentaire"), "", asked == "comment")]


def compose(request: HttpRequest, viewer: Viewer, reference: str) -> Submission[ComposerForm]:
    """Adds a comment, returns or closes; `done` is the word to say. Raises NotVisible."""
    seen = seen_ticket(viewer, reference)

    def perform(form: ComposerForm, key: str) -> str:
        event = act(
            viewer,
            ticket=seen,
            name=form.text("act"),
            seen_version=form.number("version"),
            body=form.text("body"),
            form_key=key,
            confirmed=form.flag("confirmed"),
        )
        # A comment leaves the ticket waiting for the client, who may have meant to return it: they are told so.
        return "commente-attend" if State(event.state) is State.WAITING else DONE[form.text("act")]

    form = ComposerForm(request.POST)
    return submit(request, viewer, form, purpose=COMMENT, perform=perform, sent="body")


def composer(
    request: HttpRequest, viewer: Viewer, page: TicketPage, told: Submission[ComposerForm] | None = None
) -> dict[str, Any]:
    """What the composer shows: the form as it was posted, or as its draft left it; the act asked for."""
    context = composer_context(request, viewer, COMMENT, told.key if told else "", may_write=page.may_reply)
    typed = context["typed"]
    asked = told.form.text("act") if told else request.GET.get("ajouter") or typed.get("act", "")
    return context | {
        "form": told.form if told else ComposerForm(initial=typed),
        "acts": acts_of(page, asked),
        "doubt": told.doubt if told else "",
        "conflict": told.conflict if told else "",
    }
