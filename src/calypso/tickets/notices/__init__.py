"""Mails about tickets, batches, changes of phase and events, one subject a file."""

from calypso.outbox import kinds
from calypso.outbox.kinds import Choice, Kind
from calypso.tickets.audience import MUST, tells_clients, tells_team
from calypso.tickets.notices.batches import BATCH_LABELS, sees_batch
from calypso.tickets.notices.events import EVENT_LABELS, sees_event
from calypso.tickets.notices.phases import PHASE_LABELS, sees_change
from calypso.tickets.notices.tickets import LABELS, sees_ticket

# The mails whose readers no part names: whether clients, whether the team.
OTHER_SIDES = {
    "tickets.mention": (False, True),
    "tickets.batch": (True, False),
    "tickets.batch_finished": (True, True),
    "tickets.batch_held": (False, True),
    "tickets.event_near": (False, True),
    "tickets.phase_proposed": (True, True),
    "tickets.phase_done": (True, True),
    "tickets.phase_refused": (True, True),
}


def register_kinds() -> None:
    """Declares the mails of tickets, batches, changes of phase and events to the outbox."""
    subjects = (
        (LABELS, sees_ticket),
        (BATCH_LABELS, sees_batch),
        (PHASE_LABELS, sees_change),
        (EVENT_LABELS, sees_event),
    )
    for labels, owed in subjects:
        kinds.register(*(Kind(key, label, owed, None, _choice(key)) for key, label in labels.items()))


def _choice(key: str) -> Choice:
    """Who chooses how to be told of it: the sides that the tables name."""
    client, staff = OTHER_SIDES.get(key) or (tells_clients(key), tells_team(key))
    return Choice(client=client, staff=staff, must=key in MUST)
