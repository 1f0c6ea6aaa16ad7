"""What all ticket actions share: one-time keys, locking, the event, its files, the counters (R67, R102, R103)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.chosen import chosen
from calypso.base.errors import Conflict, Forbidden, Invalid, SpentForm
from calypso.base.i18n import gettext as _
from calypso.base.i18n import ngettext
from calypso.base.references import new_key
from calypso.base.text import clip
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.access import require_open
from calypso.tickets.access import may_note
from calypso.tickets.events import Published, publish
from calypso.tickets.models import PREVIEW_LENGTH, Attachment, Draft, DraftFile, Ticket, TicketEvent
from calypso.tickets.queries.rows import get_ticket, held_ticket, used_bytes
from calypso.tickets.workflow import State


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The files of a form: those of the draft with its one-time key, at most `most`."""

    form_key: str
    most: int


def once(
    by: User, form_key: str, same: Callable[[TicketEvent], bool], act: Callable[[str | None], TicketEvent]
) -> TicketEvent:
    """Runs `act` in a transaction, at most once for this person and form key; a repetition returns the first event.

    `act` receives the key to store on its event, None when the form has none. `same` returns whether an event is what
    this `act` would have written; it distinguishes a form that was sent twice (or concurrently) from a form key used
    for two different actions. Raises SpentForm, a Conflict, when the key was already used for another action (R103).
    """
    key = f"{by.key}:{form_key}" if form_key else None
    first_event = _event_of_key(key)
    if first_event is None:
        try:
            with transaction.atomic():
                return act(key)
        except (IntegrityError, Conflict, Invalid):
            first_event = _event_of_key(key)
            if first_event is None:
                raise
    if not same(first_event):
        raise SpentForm(_("Ce formulaire a déjà servi. Relisez le ticket, puis envoyez à nouveau."))
    return first_event


def _event_of_key(key: str | None) -> TicketEvent | None:
    event: TicketEvent | None = _EVENT_OF_KEY.first(key) if key else None
    return event


# Without ORDER BY: with it, a database may scan all entries instead of looking the key up in its index.
_EVENT_OF_KEY = CompiledQuery(lambda key: TicketEvent.objects.select_related("ticket").filter(once_key=key).order_by())


def open_now(by: User, ticket: Ticket) -> Ticket:
    """Returns the current ticket with the related rows that notices read, and locks its row.

    The lock keeps anybody from writing on a ticket that is being closed (R104). Raises NotVisible, because visibility
    lost between the display of the page and the action forbids the action too (R1, R8); Conflict when the ticket is
    closed or its project archived.
    """
    current = held_ticket(by, ticket.reference)
    require_open(current.project)
    if not current.is_open:
        messages = {
            True: _("Votre ticket est clos, et il ne peut être modifié."),
            False: _("Ce ticket est clos, et il ne peut plus être modifié."),
        }
        raise Conflict(messages[by.is_client])
    return current


def noted_ticket(by: User, ticket: Ticket) -> Ticket:
    """Returns the current ticket if `by` may write internal notes on it. Raises NotVisible, Forbidden."""
    current = get_ticket(by, ticket.reference)
    if not may_note(by, current):
        raise Forbidden
    return current


def compare_and_set(ticket: Ticket, seen_version: int, **changes: Any) -> State:
    """Writes the changes if the ticket still has version `seen_version`; raises Conflict otherwise.

    The version changes with each step, assignment and retained priority. The row in memory is updated too. Returns the
    state that the ticket was in.
    """
    before = ticket.state_now
    changes["activity_at"] = clock.now()
    row_count = Ticket.objects.filter(pk=ticket.pk, version=seen_version).update(version=F("version") + 1, **changes)
    if not row_count:
        raise Conflict(_("Ce ticket a changé pendant que vous écriviez."))
    ticket.version = seen_version + 1
    for name, value in changes.items():
        setattr(ticket, name, value)
    return before


def record(
    ticket: Ticket,
    by: User | None,
    kind: TicketEvent.Kind,
    *,
    body: str = "",
    internal: bool = False,
    once_key: str | None = None,
    step: str = "",
    subject: User | None = None,
    source: TicketEvent.Source = TicketEvent.Source.WEB,
    before: State | None = None,
    enclosed: Enclosed | TicketEvent | None = None,
    revoked: TicketEvent | None = None,
) -> TicketEvent:
    """Appends one event with its files and the state after the action (S78), counts a comment, publishes the event.

    `by` is None for the system, which writes no comment. `before` is the ticket's state before the action, None when
    the action does not change it. `enclosed` says which files to attach: those of a form, or those of an earlier entry
    that is being published. `revoked` is the entry that is taken back. Raises Invalid for files beyond what `enclosed`
    allows, or the company's quota (R66).
    """
    event = TicketEvent(
        key=new_key(),
        ticket=ticket,
        actor=by,
        kind=kind,
        step=step,
        state=ticket.state,
        subject=subject,
        body=body,
        internal=internal,
        source=source,
        once_key=once_key,
        created_at=clock.now(),
    )
    event.save(force_insert=True)
    if by is not None and event.is_public_comment:
        _count_comment(ticket, event)
    files = _attach(by, ticket, event, enclosed) if by is not None and enclosed is not None else []
    publish(Published(ticket, event, before or ticket.state_now, by, files, revoked))
    return event


def _count_comment(ticket: Ticket, event: TicketEvent) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(
        comment_count=F("comment_count") + 1,
        last_comment=clip(event.body, PREVIEW_LENGTH),
        last_comment_at=event.created_at,
        activity_at=event.created_at,
    )


def _attach(by: User, ticket: Ticket, event: TicketEvent, enclosed: Enclosed | TicketEvent) -> list[str]:
    """Moves the files of a draft, which is then deleted, or of an earlier entry to the event; returns their names."""
    if isinstance(enclosed, TicketEvent):
        files_before = Attachment.objects.filter(event=enclosed)
        names = list(files_before.values_list("name", flat=True))
        files_before.update(event=event)
        return names
    draft: Draft | None = _DRAFT.first(by.pk, enclosed.form_key) if enclosed.form_key else None
    if draft is None:
        return []
    files = list(DraftFile.objects.filter(draft=draft))
    _check_quota(by, ticket, files, enclosed.most)
    Attachment.objects.bulk_create(
        Attachment(
            key=file.key,
            event=event,
            ticket=ticket,
            organization_id=ticket.organization_id,
            name=file.name,
            size=file.size,
            media_type=file.media_type,
            sha256=file.sha256,
            stored=file.stored,
            created_at=event.created_at,
        )
        for file in files
    )
    draft.delete()
    return [file.name for file in files]


def _draft(owner_id: int, key: str) -> QuerySet[Draft]:
    return Draft.objects.select_for_update().filter(owner_id=owner_id, key=key).order_by()


_DRAFT = CompiledQuery(_draft)


def _check_quota(by: User, ticket: Ticket, files: list[DraftFile], most: int) -> None:
    if len(files) > most:
        raise Invalid(
            {
                "attachments": [
                    ngettext("%(most)d fichier au plus.", "%(most)d fichiers au plus.", most) % {"most": most}
                ]
            }
        )
    quota = chosen("ORGANIZATION_QUOTA_MB") * 1024 * 1024
    if files and used_bytes(ticket.organization_id) + sum(file.size for file in files) > quota:
        messages = {
            True: _("L'espace de votre société est plein. Prévenez votre chef de projet."),
            False: _("L'espace de cette société est plein : l'administrateur peut l'agrandir."),
        }
        raise Invalid({"attachments": [messages[by.is_client]]})
