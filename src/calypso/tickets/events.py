"""In-process publication of new timeline entries to higher-level packages, in the transaction of the action.

A package subscribes when the applications are ready. Subscribers are called in the order in which they subscribed, that
of INSTALLED_APPS, from the lowest layer up; one that raises rolls the action back. This module names no subscriber.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calypso.accounts.models import User
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.workflow import State


@dataclass(frozen=True, slots=True)
class Published:
    """A timeline entry as its action wrote it.

    `ticket` is the row in memory, after the action; `before` its state before the action; `by` the person who acted,
    None for the system; `files` the names of the files attached to the entry; `revoked` the entry of the step that its
    author takes back by this one, None otherwise.
    """

    ticket: Ticket
    entry: TicketEvent
    before: State
    by: User | None
    files: Sequence[str] = ()
    revoked: TicketEvent | None = None

    @property
    def has_stepped(self) -> bool:
        """Returns whether the action changed the ticket's state."""
        return self.ticket.state_now is not self.before


type Subscriber = Callable[[Published], None]

_subscribers: list[Subscriber] = []


def subscribe(subscriber: Subscriber) -> None:
    """Registers `subscriber` to be called for every later entry. For the `ready` method of a package's AppConfig.

    A subscriber that is registered several times is called once.
    """
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)


def publish(published: Published) -> None:
    """Calls every subscriber, in the transaction of the action. Called by `actions.writing` only."""
    for subscriber in _subscribers:
        subscriber(published)
