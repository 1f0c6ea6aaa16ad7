"""The database reads of live pages: who may listen, what changed, whose stream must end. Called from one thread."""

import time
from collections.abc import Collection, Iterable
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
    """An open page: its session, person and topics; `projects` are the numbers of the projects that the topics name."""

    session: str
    person: Viewer
    topics: tuple[str, ...]
    projects: frozenset[int]

    @property
    def tickets(self) -> frozenset[str]:
        """Returns the references of the tickets that the topics name."""
        return frozenset(topic.partition(":")[2] for topic in self.topics if topic.startswith(f"{change_feed.TICKET}:"))


@dataclass(slots=True)
class Changes:
    """The pages to notify: of a `changed` content, or of changed `presences` on their ticket."""

    changed: set[Listener] = field(default_factory=set)
    presences: set[Listener] = field(default_factory=set)


def admit(session: str, topics: Collection[str], since: datetime | None) -> tuple[Listener, bool] | None:
    """Returns the listener of a session, and whether one of the topics changed since the instant.

    Returns None when nobody is signed in with the session, or when the person does not see every topic.
    """
    person = still_signed_in([session]).get(session)
    if person is None or not topics or not all(change_feed.sees(person, topic) for topic in topics):
        return None
    numbers = (change_feed.project_number(topic) for topic in topics)
    listener = Listener(session, person, tuple(topics), frozenset(number for number in numbers if number is not None))
    return listener, since is not None and any(change_feed.changed_since(person, topic, since) for topic in topics)


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
            listener: listener.tickets for listener in listeners if not listener.person.is_client and listener.tickets
        }
        presences = change_feed.presences(set().union(*team.values())) if team else {}
        changed = {
            reference for reference, people in presences.items() if people != self._present.get(reference, frozenset())
        }
        self._present = presences
        return {listener for listener, references in team.items() if references & changed}

    def leaving(self, listeners: Collection[Listener]) -> set[Listener]:
        """Returns those whose stream must end: their session ended, or they no longer see a topic (R8, R36)."""
        people = still_signed_in({listener.session for listener in listeners})
        ended = {listener for listener in listeners if listener.session not in people}
        change = latest_entry()
        if change != self._change:
            self._change = change
            remaining = [listener for listener in listeners if listener not in ended]
            ended.update(
                listener
                for listener in remaining
                if not all(change_feed.sees(people[listener.session], topic) for topic in listener.topics)
            )
        for listener in listeners:
            listener.person = people.get(listener.session, listener.person)
        return ended


def _follows(listener: Listener, event: object) -> bool:
    if change_feed.TICKETS in listener.topics:
        return True
    ticket = event.ticket  # type: ignore[attr-defined]
    return ticket.reference in listener.tickets or ticket.project_id in listener.projects
