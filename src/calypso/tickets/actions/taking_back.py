"""The action by which the author of a closing or of a return takes it back, for a few seconds (decision 33)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from calypso.accounts.models import User
from calypso.base.errors import Conflict
from calypso.base.i18n import gettext as _
from calypso.outbox.maintenance import call_off
from calypso.projects.access import require_open
from calypso.tickets.actions.writing import compare_and_set, record
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.queries.revocable import revocable_entry, standing
from calypso.tickets.queries.rows import held_ticket
from calypso.tickets.workflow import ReturnCause, State, StepName, cause_of


class TakenBack(NamedTuple):
    """The entry that takes a step back, and the words of that step; `is_note` when the client never read them."""

    event: TicketEvent
    words: str = ""
    is_note: bool = False


def take_back(by: User, *, ticket: Ticket) -> TakenBack:
    """Puts the ticket back as it was before the closing or the return that `by` just did, and calls off its mails.

    The timeline keeps the step, its words and its files, and says that it was taken back (R105). A repetition returns
    the first event, without words. Raises NotVisible; Conflict when there is nothing to take back: too late, or
    something followed.
    """
    with transaction.atomic():
        current = held_ticket(by, ticket.reference)
        require_open(current.project)
        entries = list(TicketEvent.objects.filter(ticket=current).order_by("id"))
        newest = entries[-1]
        if newest.kind == TicketEvent.Kind.TAKEN_BACK and newest.actor_id == by.pk:
            return TakenBack(newest)
        entry = revocable_entry(by, entries[::-1])
        if entry is None:
            raise Conflict(_("Trop tard : c'est déjà parti, ou le ticket a changé depuis."))
        former = _former(standing([earlier for earlier in entries if earlier.pk < entry.pk]))
        before = compare_and_set(
            current,
            current.version,
            state=former.state.value,
            return_cause=former.cause.value,
            prepared_at=former.prepared_at,
            closed_at=None,
            satisfaction="",
        )
        for told in (entry, newest):  # the reason of an internal return is an entry of its own, and has the mails
            call_off(f"event:{told.key}", f"ticket:{current.reference}")
        kind = TicketEvent.Kind.TAKEN_BACK
        event = record(current, by, kind, step=entry.step, before=before, revoked=entry)
        return TakenBack(event, entry.body or newest.body, not entry.body and newest.internal)


class _Former(NamedTuple):
    """What a step erased: the state, why the ticket was returned, since when it waited for its batch."""

    state: State
    cause: ReturnCause
    prepared_at: datetime | None


def _former(entries: Sequence[TicketEvent]) -> _Former:
    """Reads what a ticket was after these entries, oldest first, none of which was taken back."""
    state, cause, prepared_at = State.NEW, ReturnCause.NONE, None
    for entry in entries:
        if entry.kind == TicketEvent.Kind.PREPARED:
            prepared_at = entry.created_at
        elif entry.kind in (TicketEvent.Kind.STEPPED, TicketEvent.Kind.WITHDRAWN):
            prepared_at = None
        if entry.kind == TicketEvent.Kind.STEPPED:
            cause = cause_of(StepName(entry.step), state)
        elif entry.state != state:
            cause = ReturnCause.NONE
        state = State(entry.state)
    return _Former(state, cause, prepared_at)
