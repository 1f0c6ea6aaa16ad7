"""The database's side of live pages: who may listen, what happened, who must leave. Called from one thread."""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from calypso.accounts.access import Viewer
from calypso.accounts.audit_log import latest_entry
from calypso.accounts.session_store import still_signed_in
from calypso.outbox.queries import latest_notification, recipients_after
from calypso.teamwork.queries import change_feed

AT_ONCE = 500  # entries read at a time; what is left is read at the next look
PATIENCE = 10.0  # seconds during which a number that was passed over may still appear: its transaction was slower


class Tail:
    """The end of a table whose numbers only grow, though they may appear out of order."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.missing: dict[int, float] = {}

    def advance(self, seen: Iterable[int]) -> None:
        """Notes the numbers that were read, and which were passed over."""
        now = time.monotonic()
        for number in sorted(seen):
            for passed in range(self.last + 1, min(number, self.last + AT_ONCE)):
                self.missing[passed] = now + PATIENCE
            self.missing.pop(number, None)
            self.last = max(self.last, number)
        self.missing = {number: until for number, until in self.missing.items() if until > now}


@dataclass(eq=False, slots=True)
class Listener:
    """Who listens, through which session, to what; `projects` numbers the projects that the topics name."""

    session: str
    person: Viewer
    topics: tuple[str, ...]
    projects: frozenset[int]

    @property
    def tickets(self) -> frozenset[str]:
        """The references of the tickets that the topics name."""
        return frozenset(topic.partition(":")[2] for topic in self.topics if topic.startswith(f"{change_feed.TICKET}:"))


@dataclass(slots=True)
class Word:
    """What is said to whom: `changed`, whose page would show something else; `there`, beside whom somebody came."""

    changed: set[Listener] = field(default_factory=set)
    there: set[Listener] = field(default_factory=set)


def admit(session: str, topics: Collection[str], since: datetime | None) -> tuple[Listener, bool] | None:
    """The listener behind a session, if it lasts and sees every topic, and whether these changed since the instant.

    None when it is nobody, or does not see one of them.
    """
    person = still_signed_in([session]).get(session)
    if person is None or not topics or not all(change_feed.sees(person, topic) for topic in topics):
        return None
    numbers = (change_feed.project_number(topic) for topic in topics)
    listener = Listener(session, person, tuple(topics), frozenset(number for number in numbers if number is not None))
    return listener, since is not None and any(change_feed.changed_since(person, topic, since) for topic in topics)


class ChangePoller:
    """Looks at what happened since it looked last."""

    def __init__(self) -> None:
        self._events = Tail(change_feed.latest_event())
        self._notifications = Tail(latest_notification())
        self._change = latest_entry()
        self._present: dict[str, frozenset[tuple[int, bool]]] = {}

    def look(self, listeners: Collection[Listener]) -> Word:
        """What happened that these listeners may know of."""
        word = Word()
        events = change_feed.events_after(self._events.last, self._events.missing, AT_ONCE)
        self._events.advance(event.pk for event in events)
        by_project = change_feed.listeners(events)
        for event in events:
            word.changed.update(
                one for one in listeners if _follows(one, event) and change_feed.hears(one.person, event, by_project)
            )
        told = recipients_after(self._notifications.last, self._notifications.missing, AT_ONCE)
        self._notifications.advance(number for number, _key in told)
        keys = {key for _number, key in told}
        word.changed.update(one for one in listeners if one.person.key in keys)
        word.there = self._moved(listeners)
        return word

    def _moved(self, listeners: Collection[Listener]) -> set[Listener]:
        team = {one: one.tickets for one in listeners if not one.person.is_client and one.tickets}
        now = change_feed.presences(set().union(*team.values())) if team else {}
        moved = {reference for reference, there in now.items() if there != self._present.get(reference, frozenset())}
        self._present = now
        return {one for one, references in team.items() if references & moved}

    def leaving(self, listeners: Collection[Listener]) -> set[Listener]:
        """Those who must leave: their session ended, or a right changed and they see a topic no more (R8, R36)."""
        people = still_signed_in({one.session for one in listeners})
        gone = {one for one in listeners if one.session not in people}
        change = latest_entry()
        if change != self._change:
            self._change = change
            stay = [one for one in listeners if one not in gone]
            gone.update(
                one for one in stay if not all(change_feed.sees(people[one.session], topic) for topic in one.topics)
            )
        for one in listeners:
            one.person = people.get(one.session, one.person)
        return gone


def _follows(listener: Listener, event: object) -> bool:
    if change_feed.TICKETS in listener.topics:
        return True
    ticket = event.ticket  # type: ignore[attr-defined]
    return ticket.reference in listener.tickets or ticket.project_id in listener.projects
