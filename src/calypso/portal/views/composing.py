"""What the composer of a client does, whichever page holds it: keeps the text and the files, acts, or says why not."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from calypso.accounts.access import Viewer
from calypso.base.errors import Conflict, Invalid, Unconfirmed
from calypso.base.uploads import accepted_extensions
from calypso.portal.forms import ComposerForm
from calypso.tickets.actions import drafts
from calypso.tickets.actions.acting import act
from calypso.tickets.queries.rows import get_ticket
from calypso.tickets.queries.ticket import draft_purpose, get_draft
from calypso.ui.forms import form_key, uploads

COMMENT = draft_purpose("comment")


@dataclass(frozen=True, slots=True)
class Composed:
    """What became of a post: `done` names the act that went through, else the form is shown again with `said`."""

    form: ComposerForm
    done: str = ""
    status: int = 200
    said: dict[str, str] = field(default_factory=dict)


def compose(request: HttpRequest, viewer: Viewer, reference: str) -> Composed:
    """Adds a comment, returns or closes. A refusal keeps the text and the files (C4, C5). Raises NotVisible."""
    form, key = ComposerForm(request.POST), form_key(request)
    seen = get_ticket(viewer, reference)
    refused = drafts.keep_files(viewer, form_key=key, purpose=COMMENT, uploads=uploads(request))
    if request.POST.get("retirer"):
        drafts.remove_file(viewer, form_key=key, key=request.POST["retirer"])
        return Composed(ComposerForm(initial=form.typed()))
    try:
        form.accepted()
        if refused:
            raise Invalid({"attachments": refused})
        act(
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
    except Conflict as conflict:
        return Composed(form, status=409, said={"conflict": conflict.message})
    return Composed(form, done=form.text("act"))


def composer(request: HttpRequest, viewer: Viewer, form: ComposerForm | None = None) -> dict[str, Any]:
    """What the composer shows: `form` as it was posted, or what was typed there and not sent."""
    key = form_key(request)
    typed, kept = get_draft(viewer, key)
    return {
        "form": form or ComposerForm(initial=typed),
        "form_key": key,
        "kept": kept,
        "most": settings.COMMENT_FILES,
        "max_mb": settings.FILE_MAX_MB,
        "accept": accepted_extensions(),
        "doubt": "",
        "conflict": "",
    }
