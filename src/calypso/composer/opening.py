"""Opening a ticket, from the portal or from the desk (S59–S69, decision 5)."""

from typing import Any

from django.http import HttpRequest

from calypso.accounts.access import Viewer
from calypso.base.errors import Invalid
from calypso.composer.forms import OpeningForm
from calypso.composer.submit import OPENING, Submission, composer_context, submit
from calypso.projects.access import SeenProject
from calypso.tickets.actions.opening import Request, open_ticket, problems
from calypso.tickets.priorities import Priority, needs_context


def submit_opening(
    request: HttpRequest,
    viewer: Viewer,
    project: SeenProject | None,
    author: Viewer | None = None,
    likely_author: str = "",
) -> Submission[OpeningForm]:
    """Opens the ticket that a form asks for; `done` is its reference. `project` is None until one is chosen.

    `author` is the client for whom a team member writes; a client writes for themselves. `likely_author` is the key of
    the one to offer while the project is being chosen.
    """

    def request_of(form: OpeningForm) -> Request:
        return Request(**{name: form.text(name) for name in Request.__dataclass_fields__})

    def check(form: OpeningForm) -> dict[str, list[str]]:
        return problems(viewer, project=project, request=request_of(form), author=author)

    def perform(form: OpeningForm, key: str) -> str:
        if project is None:
            raise Invalid(check(form))
        return open_ticket(viewer, project=project, request=request_of(form), form_key=key, author=author).reference

    def rework(form: OpeningForm) -> dict[str, str] | None:
        if not request.POST.get("choisir"):
            return None
        typed = form.typed()
        return typed | {"author": typed.get("author") or likely_author}

    form = OpeningForm(request.POST)
    return submit(request, viewer, form, purpose=OPENING, perform=perform, sent="title", rework=rework, check=check)


def opening_context(
    request: HttpRequest,
    viewer: Viewer,
    project: SeenProject | None,
    submission: Submission[OpeningForm] | None = None,
    author: str = "",
) -> dict[str, Any]:
    """Returns the context of the form of a new ticket, as it was posted or as its draft holds it.

    `author` is the key of the client for whom a team member likely writes, if known.
    """
    context = composer_context(request, viewer, OPENING, submission.key if submission else "", may_write=True)
    drafted = {"project": project.key if project else "", "author": author} | context["typed"]
    return context | {
        "project": project,
        "form": submission.form if submission else OpeningForm(initial=drafted),
        "conflict": submission.conflict if submission else "",
        "priorities": [(priority, needs_context(priority)) for priority in Priority],
    }
