"""The page of one ticket: its columns, progress, timeline, files, and what the viewer may do next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import FETCH_RAISE, QuerySet

from calypso.accounts.models import User
from calypso.base.catalogue import gettext_noop
from calypso.base.errors import NotVisible
from calypso.base.text import fold
from calypso.internals.compiled_query import CompiledQuery
from calypso.outbox import queries as outbox
from calypso.outbox.models import OutgoingEmail
from calypso.tickets import access
from calypso.tickets.models import Attachment, Ticket, TicketEvent
from calypso.tickets.queries.files import bring_pictures
from calypso.tickets.queries.revocable import revocable_entry, standing
from calypso.tickets.queries.rows import get_ticket
from calypso.tickets.workflow import STEPS, State, Step, StepName

# The labels of the people in a timeline, by their part on the ticket (S79).
PARTS = {
    "author": gettext_noop("Déclarant"),
    "client_manager": gettext_noop("Chef de projet client"),
    "vendor_manager": gettext_noop("Chef de projet %(vendor)s"),
    "assignee": gettext_noop("Intervenant"),
    "team": gettext_noop("Équipe %(vendor)s"),
    "company": gettext_noop("Contact"),
}


FIRST_ENTRIES = 50  # of a timeline, shown at once; the others on demand
# The columns that an entry shows; of people, their names and their side (client or team).
ENTRY_FIELDS = (
    *("key", "ticket", "kind", "step", "state", "body", "internal", "source", "created_at"),
    *("actor__first_name", "actor__last_name", "actor__kind", "subject__first_name", "subject__last_name"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the timeline. `part` is the label of the actor's part (`PARTS`); `sentence` describes a step.

    `fate` says what became of a comment prepared for an acceptance batch: "published", "withdrawn", or "" for not yet;
    of a step that its author took back, and of its reason: "revoked".
    """

    event: TicketEvent
    state: State
    part: str
    sentence: str
    files: Sequence[Attachment]
    fate: str = ""

    @property
    def opened_for(self) -> User | None:
        """Returns the client for whom somebody else opened the ticket, or None."""
        is_for = self.event.kind == "opened" and self.event.actor_id != self.event.ticket.author_id
        return self.event.ticket.author if is_for else None

    def holds(self, words: str) -> bool:
        """Returns whether the words stand in the text, in the name of a file, or of who wrote."""
        names = [self.event.actor.full_name] if self.event.actor else []
        texts = (self.event.body, *[file.name for file in self.files], *names)
        return any(fold(words) in fold(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage of the progress bar, with the instant at which it was last reached, or None."""

    state: State
    reached_at: datetime | None
    passed: bool
    current: bool


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Everything that the page of a ticket shows to one viewer.

    `total` is the number of entries of its timeline, of which `entries` are the newest, or those that hold `words`.
    """

    ticket: Ticket
    state: State
    entries: list[Entry]
    total: int
    words: str
    files: Sequence[Attachment]
    steps: list[Step]
    progress: list[Milestone]
    may_reply: bool
    may_note: bool
    may_take_back: bool

    def step(self, name: str) -> Step | None:
        """Returns the step `name` if the viewer may take it now, or None."""
        return next((step for step in self.steps if step.name == name), None)


def ticket_page(viewer: User, reference: str, *, most: int = 0, words: str = "") -> TicketPage:
    """Returns the page of one ticket: its whole timeline, its `most` newest entries, or those that hold `words`.

    Four queries, one when it has images, two when the timeline is longer than `most`. Raises NotVisible.
    """
    ticket = get_ticket(viewer, reference)
    newest = most and not words
    events: list[TicketEvent] = (_NEWEST if newest else _TIMELINE).fetch(
        viewer, ticket.pk, *([slice(most + 1)] if newest else [])
    )
    total = len(events)
    followed = events
    if newest and total > most:
        events, total = events[:most], _TIMELINE.count(viewer, ticket.pk)
        followed = list(reversed(_ACTS.fetch(viewer, ticket.pk)))
    stands = standing(reversed(followed))
    by_event: dict[int, list[Attachment]] = defaultdict(list)
    files: list[Attachment] = _FILES.fetch(viewer, ticket.pk)
    bring_pictures(files)
    for file in files:
        by_event[file.event_id].append(file)
    fates = _fates(followed, stands)
    entries = [_entry(ticket, event, by_event[event.pk], fates.get(event.pk, "")) for event in events]
    if words:
        entries = [entry for entry in entries if entry.holds(words)]
    state = ticket.state_now
    return TicketPage(
        ticket=ticket,
        state=state,
        entries=entries,
        total=total,
        words=words,
        files=[file for key in sorted(by_event, reverse=True) for file in by_event[key]],
        steps=access.steps_for(viewer, ticket),
        progress=_progress(state, stands),
        may_reply=access.may_reply(viewer, ticket),
        may_note=access.may_note(viewer, ticket),
        may_take_back=bool(not ticket.project.is_archived and revocable_entry(viewer, events)),
    )


def _timeline(viewer: User, ticket_id: int) -> QuerySet[TicketEvent]:
    rows = access.events_for(viewer, Ticket(pk=ticket_id)).select_related("actor", "subject").only(*ENTRY_FIELDS)
    return rows.fetch_mode(FETCH_RAISE).order_by("-created_at", "-id")


def _files(viewer: User, ticket_id: int) -> QuerySet[Attachment]:
    return access.attachments_of(viewer, Ticket(pk=ticket_id)).order_by("id")


def _newest(viewer: User, ticket_id: int, first: slice) -> QuerySet[TicketEvent]:
    return _timeline(viewer, ticket_id)[: first.stop]


def _acts(viewer: User, ticket_id: int) -> QuerySet[TicketEvent]:
    """Returns all but the comments, oldest first: what the stages and the fates of a long timeline follow from."""
    rows = _timeline(viewer, ticket_id).exclude(kind__in=[TicketEvent.Kind.COMMENTED, TicketEvent.Kind.REFERRED])
    return rows.order_by("created_at", "id")


_TIMELINE, _FILES = CompiledQuery(_timeline), CompiledQuery(_files)
_NEWEST, _ACTS = CompiledQuery(_newest), CompiledQuery(_acts)


def _fates(events: Sequence[TicketEvent], stands: Sequence[TicketEvent]) -> dict[int, str]:
    """Returns, by event id, what became of `events`: see `Entry.fate`. `stands` are those that stand, oldest first.

    For a comment prepared for a batch, it follows from the first step or withdrawal after the comment.
    """
    keys = {event.pk for event in stands}
    fates, fate = {event.pk: "revoked" for event in events if event.pk not in keys and event.kind != "taken_back"}, ""
    for event in reversed(stands):
        if event.kind == TicketEvent.Kind.PREPARED:
            fates[event.pk] = fate
        elif event.kind in (TicketEvent.Kind.STEPPED, TicketEvent.Kind.WITHDRAWN):
            fate = "published" if event.step == StepName.PROCESS else "withdrawn"
    return fates


def _entry(ticket: Ticket, event: TicketEvent, files: Sequence[Attachment], fate: str) -> Entry:
    event.ticket = ticket
    sentence = STEPS[StepName(event.step)].sentence if event.step else ""
    return Entry(event, State(event.state), part_of(ticket, event.actor), sentence, files, fate)


def part_of(ticket: Ticket, actor: User | None) -> str:
    """Returns the label (`PARTS`) of a person's part on a ticket; empty for the system."""
    if actor is None:
        return ""
    project = ticket.project
    if actor.pk == ticket.author_id:
        return PARTS["author"]
    if actor.pk == project.client_manager_id:
        return PARTS["client_manager"]
    if actor.pk == project.vendor_manager_id:
        return PARTS["vendor_manager"]
    if actor.pk == ticket.assignee_id:
        return PARTS["assignee"]
    return PARTS["company"] if actor.is_client else PARTS["team"]


_STAGES = (State.NEW, State.ASSIGNED, State.IN_PROGRESS, State.PROCESSED, State.CLOSED)
# The stage shown as current for the states that are not stages themselves.
_STAGE_OF_STATE = {
    State.RD: State.IN_PROGRESS,
    State.WAITING: State.IN_PROGRESS,
    State.FOLLOW_UP: State.IN_PROGRESS,
    State.RETURNED: State.IN_PROGRESS,
}


def _progress(state: State, oldest_first: Sequence[TicketEvent]) -> list[Milestone]:
    """Returns the stages of the progress bar, each with the last time that it was entered.

    The current stage is shown as the ticket's current state.
    """
    last_reached: dict[State, datetime] = {}
    previous: State | None = None
    for event in oldest_first:
        event_state = State(event.state)
        if event_state is not previous:
            last_reached[event_state] = event.created_at
        previous = event_state
    current_stage = _STAGE_OF_STATE.get(state, state)
    stages = []
    for stage in _STAGES:
        stage_state = state if stage is current_stage else stage
        passed = _STAGES.index(stage) <= _STAGES.index(current_stage)
        stages.append(
            Milestone(stage_state, last_reached.get(stage_state) if passed else None, passed, stage is current_stage)
        )
    return stages


def ticket_emails(viewer: User, ticket: Ticket) -> list[OutgoingEmail]:
    """Returns the mails about a ticket, newest first.

    For the team only, because clients must not see the addresses of others (R130). Raises NotVisible for a client.
    """
    if viewer.is_client:
        raise NotVisible
    return _EMAILS.fetch(f"ticket:{ticket.reference}")


_EMAILS = CompiledQuery(outbox.emails_about)
