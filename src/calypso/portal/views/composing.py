"""What the composer of a client does, whichever page holds it: keeps the text and the files, acts, or says why not."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from calypso.accounts.access import Viewer
from calypso.base.catalogue import gettext_noop
from calypso.base.errors import Conflict, Invalid, SpentForm, Unconfirmed
from calypso.base.uploads import accepted_extensions
from calypso.portal.forms import ComposerForm
from calypso.tickets.actions import drafts
from calypso.tickets.actions.dispatch import act
from calypso.tickets.queries.drafts import draft_purpose, get_draft, unsent_draft
from calypso.tickets.queries.rows import seen_ticket
from calypso.tickets.queries.ticket import TicketPage
from calypso.tickets.workflow import State, StepName, Turn
from calypso.ui.forms import form_key, resumed_key, uploads
from calypso.ui.next_url import own_path

COMMENT = draft_purpose("comment")
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


@dataclass(frozen=True, slots=True)
class Composed:
    """What became of a post: `done` names the act that went through, else the form is shown again with `said`.

    `is_waiting` says that the ticket still waits for the client afterwards, who commented without returning it.
    `key` is the form's new one-time key, when the old one served already.
    """

    form: ComposerForm
    key: str = ""
    done: str = ""
    is_waiting: bool = False
    status: int = 200
    said: dict[str, str] = field(default_factory=dict)


def compose(request: HttpRequest, viewer: Viewer, reference: str) -> Composed:
    """Adds a comment, returns or closes. A refusal keeps the text and the files (C4, C5). Raises NotVisible."""
    form, key = ComposerForm(request.POST), form_key(request)
    seen = seen_ticket(viewer, reference)
    refused = drafts.keep_files(viewer, form_key=key, purpose=COMMENT, uploads=uploads(request))
    if request.POST.get("retirer"):
        drafts.remove_file(viewer, form_key=key, key=request.POST["retirer"])
        return Composed(ComposerForm(initial=form.typed()))
    try:
        form.accepted()
        if refused:
            raise Invalid({"attachments": refused})
        event = act(
            viewer,
            ticket=seen,
            name=form.text("act"),
            seen_version=form.number("version"),
            body=form.text("body"),
            form_key=key,
            confirmed=form.flag("confirmed"),
        )
    except Invalid as refusal:
        return Composed(form.refuse(refusal), status=422)
    except Unconfirmed as doubt:
        return Composed(form, status=409, said={"doubt": doubt.message})
    except SpentForm as spent:
        fresh = drafts.renew_key(viewer, form_key=key)
        return Composed(form, key=fresh, status=409, said={"conflict": spent.message})
    except Conflict as conflict:
        return Composed(form, status=409, said={"conflict": conflict.message})
    drafts.drop_sent(viewer, page=own_path(request.POST.get("retour", "")), name="body", text=form.text("body"))
    return Composed(form, done=form.text("act"), is_waiting=State(event.state) is State.WAITING)


def composer(
    request: HttpRequest, viewer: Viewer, page: TicketPage, form: ComposerForm | None = None, key: str = ""
) -> dict[str, Any]:
    """What the composer shows: `form` as it was posted, or what was typed there and not sent; the act in the address.

    What was left unsent in another window is offered, not filled in: two windows never share a one-time key.
    """
    resumed = key or resumed_key(request)
    key = resumed or form_key(request)
    typed, kept = get_draft(viewer, resumed)
    return {
        "unsent": None if resumed and page.may_reply else unsent_draft(viewer, request.path),
        "form": form or ComposerForm(initial=typed),
        "form_key": key,
        "acts": acts_of(page, form.text("act") if form else request.GET.get("ajouter") or typed.get("act", "")),
        "kept": kept,
        "most": settings.COMMENT_FILES,
        "max_mb": settings.FILE_MAX_MB,
        "accept": accepted_extensions(),
        "doubt": "",
        "conflict": "",
    }
