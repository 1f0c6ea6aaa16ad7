"""What happens to tickets, published to the rooms above: an entry of a timeline, its subscribers in one transaction.

A room subscribes when the applications are ready. Subscribers are called in the order in which they subscribed, that of
INSTALLED_APPS, from the lowest floor up; one that raises rolls the act back. Nothing here names a subscriber.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from calypso.accounts.models import User
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.workflow import State


@dataclass(frozen=True, slots=True)
class Published:
    """An entry of a timeline as its act wrote it.

    `ticket` is the row in memory, after the act; `before` its state before the act; `by` who acted, None for the
    system; `files` the names of the files that came with the entry.
    """

    ticket: Ticket
    entry: TicketEvent
    before: State
    by: User | None
    files: Sequence[str] = ()

    @property
    def has_stepped(self) -> bool:
        """Whether the ticket's state changed."""
        return self.ticket.state_now is not self.before


type Subscriber = Callable[[Published], None]

_subscribers: list[Subscriber] = []


def subscribe(subscriber: Subscriber) -> None:
    """Has `subscriber` called for every entry from now on, once however often it subscribes. For a room's `ready`."""
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)


def publish(published: Published) -> None:
    """Tells every subscriber. In the transaction of the act; called by `actions.writing` alone."""
    for subscriber in _subscribers:
        subscriber(published)
