"""Which entry of a timeline its author may still take back, and which entries stand (decision 33)."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.chosen import chosen
from calypso.tickets.access import events_for, tickets_for
from calypso.tickets.models import TicketEvent
from calypso.tickets.workflow import STEPS, Step, StepName

MARGIN = 2  # seconds that the mails wait longer, so that none leaves while its act is being taken back


def mail_wait(step: Step) -> int:
    """Returns how many seconds the mails of a step wait: as long as its author may take it back, and a margin."""
    return chosen("TAKE_BACK_SECONDS") + MARGIN if step.is_revocable and chosen("TAKE_BACK_SECONDS") else 0


def revocable_entry(viewer: User, newest_first: Sequence[TicketEvent]) -> TicketEvent | None:
    """Returns the closing or the return that `viewer` may take back now, or None.

    It must be theirs, a few seconds old (`TAKE_BACK_SECONDS`), and the last of the timeline; the reason of an internal
    return, which is an entry of its own, may follow it.
    """
    entries = list(newest_first[:2])
    if len(entries) == 2 and entries[1].step == StepName.INTERNAL_RETURN and entries[0].internal:
        entries = entries[1:]
    entry = entries[0]
    if entry.kind != TicketEvent.Kind.STEPPED or entry.actor_id != viewer.pk or viewer.is_lent:
        return None
    age = clock.now() - entry.created_at
    in_time = age <= timedelta(seconds=chosen("TAKE_BACK_SECONDS"))
    return entry if in_time and STEPS[StepName(entry.step)].is_revocable else None


def may_take_back(viewer: User, reference: str) -> bool:
    """Returns whether `viewer` may take back what they just did on a ticket; False when it is not visible to them."""
    ticket = tickets_for(viewer).filter(reference=reference, project__archived_at__isnull=True).first()
    return bool(ticket and revocable_entry(viewer, list(events_for(viewer, ticket).order_by("-created_at", "-id")[:2])))


def standing(oldest_first: Iterable[TicketEvent]) -> list[TicketEvent]:
    """Returns the entries without the steps that were taken back, nor their takings back."""
    entries: list[TicketEvent] = []
    for entry in oldest_first:
        if entry.kind == TicketEvent.Kind.TAKEN_BACK:
            while entries and entries.pop().step != entry.step:  # the reason of an internal return goes with it
                pass
        else:
            entries.append(entry)
    return entries
