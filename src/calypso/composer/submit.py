"""Posting a form that people write in: its files are kept, it acts once, a refusal shows it again (R66–R68)."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from calypso.accounts.access import Viewer
from calypso.base.errors import Conflict, Invalid, SpentForm, Unconfirmed
from calypso.base.uploads import accepted_extensions
from calypso.tickets.actions import drafts
from calypso.tickets.queries.drafts import draft_purpose, get_draft, unsent_draft
from calypso.ui.forms import Form, form_key, resumed_key, uploads
from calypso.ui.next_url import own_path

COMMENT, OPENING = draft_purpose("comment"), draft_purpose("opening")


@dataclass(frozen=True, slots=True)
class Submission[F: Form]:
    """What became of a posted form.

    `done` is what the act returned. Without it the form is shown again, under `key`, with `status`: `conflict` says
    what changed meanwhile, `doubt` what must be confirmed.
    """

    form: F
    key: str
    done: str = ""
    status: int = 200
    conflict: str = ""
    doubt: str = ""


def submit[F: Form](
    request: HttpRequest,
    viewer: Viewer,
    form: F,
    *,
    purpose: Any,
    perform: Callable[[F, str], str],
    sent: str = "",
    rework: Callable[[F], dict[str, str] | None] = lambda _form: None,
    check: Callable[[F], dict[str, list[str]]] = lambda _form: {},
) -> Submission[F]:
    """Keeps the files that came with `form`, then calls `perform(form, key)` unless a button asks for something else.

    `perform` returns a word, never empty, or raises what its action raises. `sent` names the field whose text left with
    the act: other drafts of the page that hold the same text are thrown away. `rework` returns what to show instead of
    acting, by field, for buttons that only change the form; None for the others. `check` returns what is wrong with the
    form, by field, to be told together with the files that were refused. Raises NotVisible.
    """
    key = form_key(request)
    refused = drafts.keep_files(viewer, form_key=key, purpose=purpose, uploads=uploads(request))
    texts = rework(form)
    if request.POST.get("retirer"):
        drafts.remove_file(viewer, form_key=key, key=request.POST["retirer"])
        texts = form.typed()
    if texts is not None:
        return Submission(type(form)(initial=texts), key)
    try:
        form.accepted()
        if refused:
            raise Invalid({**check(form), "attachments": refused})
        done = perform(form, key)
    except Invalid as refusal:
        return Submission(form.refuse(refusal), key, status=422)
    except Unconfirmed as doubt:
        return Submission(form, key, status=409, doubt=doubt.message)
    except SpentForm as spent:
        return Submission(form, drafts.renew_key(viewer, form_key=key), status=409, conflict=spent.message)
    except Conflict as conflict:
        return Submission(form, key, status=409, conflict=conflict.message)
    if sent:
        drafts.drop_sent(viewer, page=own_path(request.POST.get("retour", "")), name=sent, text=form.text(sent))
    return Submission(form, key, done)


def key_beside(key: str, act: str, version: int) -> str:
    """The one-time key of an act beside the composer, whose own key is left to what is being written there (R103)."""
    return sha256(f"{key}:{act}:{version}".encode()).hexdigest()[:24]


def composer_context(
    request: HttpRequest, viewer: Viewer, purpose: Any, key: str, *, may_write: bool
) -> dict[str, Any]:
    """What any composer shows besides its fields: its key, its files and their limits, what was left unsent elsewhere.

    Text left unsent in another window is offered, not filled in: two windows never share a one-time key.
    """
    resumed = key or resumed_key(request)
    shown = resumed or form_key(request)
    typed, kept = get_draft(viewer, resumed)
    return {
        "form_key": shown,
        "typed": typed,
        "kept": kept,
        "unsent": None if resumed and may_write else unsent_draft(viewer, request.path),
        "most": drafts.files_limit(purpose),
        "max_mb": settings.FILE_MAX_MB,
        "accept": accepted_extensions(),
    }
