"""The database reads of live pages: who may listen, what changed, whose stream must end. Called from one thread."""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from calypso.accounts.access import Viewer
from calypso.accounts.audit_log import latest_entry
from calypso.accounts.session_store import still_signed_in
from calypso.outbox.queries import latest_notification, recipients_after
from calypso.teamwork.queries import change_feed

AT_ONCE = 500  # entries read at a time; the rest is read at the next poll
PATIENCE = 10.0  # seconds during which a number that was skipped may still appear: its transaction was slower


class Tail:
    """The end of a table whose numbers only grow, though its rows may appear out of order."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.missing: dict[int, float] = {}

    def advance(self, numbers: Iterable[int]) -> None:
        """Records the numbers that were read, and those that were skipped."""
        now = time.monotonic()
        for number in sorted(numbers):
            for skipped in range(self.last + 1, min(number, self.last + AT_ONCE)):
                self.missing[skipped] = now + PATIENCE
            self.missing.pop(number, None)
            self.last = max(self.last, number)
        self.missing = {number: until for number, until in self.missing.items() if until > now}


@dataclass(eq=False, slots=True)
class Listener:
    """One topic of a stream: its session and person; `project` is the number of the project that the topic names."""

    session: str
    person: Viewer
    topic: str
    project: int | None

    @property
    def ticket(self) -> str:
        """Returns the reference of the ticket that the topic names, or an empty string."""
        kind, _colon, reference = self.topic.partition(":")
        return reference if kind == change_feed.TICKET else ""


@dataclass(slots=True)
class Changes:
    """The topics to notify: of a `changed` content, or of changed `presences` on their ticket."""

    changed: set[Listener] = field(default_factory=set)
    presences: set[Listener] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer to a session that asks for topics: those that it may hear, which of them changed, the others."""

    listeners: list[Listener]
    changed: set[Listener]
    refused: list[str]


def admit(session: str, topics: Mapping[str, datetime | None]) -> Admission | None:
    """Returns which of the topics the session may hear, and which changed since the instant given with each.

    Returns None when nobody is signed in with the session, or when the person sees none of the topics.
    """
    person = still_signed_in([session]).get(session)
    if person is None:
        return None
    seen = [topic for topic in topics if change_feed.sees(person, topic)]
    listeners = [Listener(session, person, topic, change_feed.project_number(topic)) for topic in seen]
    changed = {
        listener
        for listener in listeners
        if (since := topics[listener.topic]) and change_feed.changed_since(person, listener.topic, since)
    }
    return Admission(listeners, changed, [topic for topic in topics if topic not in seen]) if listeners else None


class ChangePoller:
    """Reads what changed since its last poll."""

    def __init__(self) -> None:
        self._events = Tail(change_feed.latest_event())
        self._notifications = Tail(latest_notification())
        self._change = latest_entry()
        self._present: dict[str, frozenset[tuple[int, bool]]] = {}

    def look(self, listeners: Collection[Listener]) -> Changes:
        """Returns what changed that these listeners may know of."""
        changes = Changes()
        events = change_feed.events_after(self._events.last, self._events.missing, AT_ONCE)
        self._events.advance(event.pk for event in events)
        by_project = change_feed.listeners(events)
        for event in events:
            changes.changed.update(
                listener
                for listener in listeners
                if _follows(listener, event) and change_feed.hears(listener.person, event, by_project)
            )
        notifications = recipients_after(self._notifications.last, self._notifications.missing, AT_ONCE)
        self._notifications.advance(number for number, _key in notifications)
        keys = {key for _number, key in notifications}
        changes.changed.update(listener for listener in listeners if listener.person.key in keys)
        changes.presences = self._with_changed_presences(listeners)
        return changes

    def _with_changed_presences(self, listeners: Collection[Listener]) -> set[Listener]:
        team = {
            listener: listener.ticket for listener in listeners if not listener.person.is_client and listener.ticket
        }
        presences = change_feed.presences(set(team.values())) if team else {}
        changed = {
            reference for reference, people in presences.items() if people != self._present.get(reference, frozenset())
        }
        self._present = presences
        return {listener for listener, reference in team.items() if reference in changed}

    def leaving(self, listeners: Collection[Listener]) -> set[Listener]:
        """Returns those that must hear no more: their session ended, or they no longer see the topic (R8, R36)."""
        people = still_signed_in({listener.session for listener in listeners})
        ended = {listener for listener in listeners if listener.session not in people}
        change = latest_entry()
        if change != self._change:
            self._change = change
            remaining = [listener for listener in listeners if listener not in ended]
            ended.update(
                listener for listener in remaining if not change_feed.sees(people[listener.session], listener.topic)
            )
        for listener in listeners:
            listener.person = people.get(listener.session, listener.person)
        return ended


def _follows(listener: Listener, event: object) -> bool:
    ticket = event.ticket  # type: ignore[attr-defined]
    return (
        listener.topic == change_feed.TICKETS
        or ticket.reference == listener.ticket
        or ticket.project_id == listener.project
    )
