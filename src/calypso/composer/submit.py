"""The submission of a form: its files are kept, it acts once, a refusal shows it again (R66–R68)."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.http import HttpRequest

from calypso.accounts.access import Viewer
from calypso.base.chosen import chosen
from calypso.base.errors import Conflict, Invalid, SpentForm, Unconfirmed
from calypso.tickets.actions import drafts
from calypso.tickets.queries.drafts import draft_purpose, get_draft, unsent_draft
from calypso.ui.forms import Form, form_key, resumed_key, uploads
from calypso.ui.next_url import own_path

COMMENT, OPENING = draft_purpose("comment"), draft_purpose("opening")


@dataclass(frozen=True, slots=True)
class Submission[F: Form]:
    """The result of posting a form.

    `done` is what the action returned. When it is empty the form is shown again, under `key`, with `status`: `conflict`
    says what changed meanwhile, `doubt` what must be confirmed.
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
    """Keeps the files sent with `form`, then calls `perform(form, key)` unless a button asks for something else.

    `perform` returns a text, never empty, or raises what its action raises. `sent` names the field whose text is sent:
    other drafts of the page that hold the same text are deleted. `rework` returns the values to show, by field, instead
    of acting, for buttons that only change the form; None for the others. `check` returns the errors of the form, by
    field, to show together with those of refused files. Raises NotVisible.
    """
    key = form_key(request)
    file_errors = drafts.keep_files(viewer, form_key=key, purpose=purpose, uploads=uploads(request))
    texts = rework(form)
    if request.POST.get("retirer"):
        drafts.remove_file(viewer, form_key=key, key=request.POST["retirer"])
        texts = form.typed()
    if texts is not None:
        return Submission(type(form)(initial=texts), key)
    try:
        form.accepted()
        if file_errors:
            raise Invalid({**check(form), "attachments": file_errors})
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
    """Returns the one-time key of an act beside the composer, which leaves the composer's own key unused (R103)."""
    return sha256(f"{key}:{act}:{version}".encode()).hexdigest()[:24]


def composer_context(
    request: HttpRequest, viewer: Viewer, purpose: Any, key: str, *, may_write: bool
) -> dict[str, Any]:
    """Returns the context common to composers: the key, the files and their limits, the draft unsent elsewhere.

    Text left unsent in another window is offered, not filled in: two windows never share a one-time key.
    """
    draft_key = key or resumed_key(request)
    shown_key = draft_key or form_key(request)
    typed, files = get_draft(viewer, draft_key)
    return {
        "form_key": shown_key,
        "typed": typed,
        "kept": files,
        "unsent": None if draft_key and may_write else unsent_draft(viewer, request.path),
        "most": drafts.files_limit(purpose),
        "max_mb": chosen("FILE_MAX_MB"),
    }
