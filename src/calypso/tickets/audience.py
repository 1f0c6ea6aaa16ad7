"""The mail matrix: who receives which mail, by part and phase (checklist 16 and 17, decision 14). Plain data."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What a person is on a ticket: decides which mails they receive."""

    AUTHOR = "author"
    CLIENT_MANAGER = "client_manager"
    FOLLOWER = "follower"
    VENDOR_MANAGER = "vendor_manager"
    ASSIGNEE = "assignee"
    SETUP_AGENT = "setup_agent"
    SUPPORT = "support"
    RD = "rd"


@dataclass(frozen=True, slots=True)
class When:
    """When a part receives a mail: in one phase only (`setup` or `live`), only while the ticket has no assignee."""

    phase: str = ""
    unassigned: bool = False


ALWAYS = When()
_CLIENT_SIDE = {Part.AUTHOR: ALWAYS, Part.CLIENT_MANAGER: ALWAYS, Part.FOLLOWER: ALWAYS}
_VENDOR_SIDE = {
    Part.VENDOR_MANAGER: ALWAYS,
    Part.ASSIGNEE: ALWAYS,
    Part.SETUP_AGENT: When(phase="setup", unassigned=True),
    Part.SUPPORT: When(phase="live", unassigned=True),
}
_FROM_CLIENT = {Part.CLIENT_MANAGER: ALWAYS, Part.FOLLOWER: ALWAYS, **_VENDOR_SIDE}

AUDIENCES: dict[str, dict[Part, When]] = {
    "tickets.opened": {
        **_CLIENT_SIDE,
        Part.VENDOR_MANAGER: ALWAYS,
        Part.SETUP_AGENT: When(phase="setup"),
        Part.SUPPORT: When(phase="live"),
    },
    "tickets.taken": _CLIENT_SIDE,
    "tickets.assigned": {Part.ASSIGNEE: ALWAYS},
    "tickets.waiting": _CLIENT_SIDE,
    "tickets.processed": _CLIENT_SIDE,
    "tickets.client_comment": _FROM_CLIENT,
    "tickets.returned": _FROM_CLIENT,
    "tickets.returned_internally": _VENDOR_SIDE,
    "tickets.closed": {**_CLIENT_SIDE, Part.VENDOR_MANAGER: ALWAYS, Part.ASSIGNEE: ALWAYS},
    "tickets.vendor_comment": {**_CLIENT_SIDE, Part.VENDOR_MANAGER: ALWAYS, Part.ASSIGNEE: ALWAYS},
    "tickets.rd": {Part.VENDOR_MANAGER: ALWAYS, Part.RD: ALWAYS},
    "tickets.follow_up": {**_CLIENT_SIDE, Part.VENDOR_MANAGER: ALWAYS},
    "tickets.reminder": {Part.AUTHOR: ALWAYS, Part.CLIENT_MANAGER: ALWAYS},
    "tickets.unanswered": {Part.VENDOR_MANAGER: ALWAYS, Part.ASSIGNEE: ALWAYS},
    "tickets.mention": {},  # goes to the team members whom a colleague mentions, whatever their part
}

# Mails that ask their recipient to act: they may wait for the morning digest, but can be neither turned off nor muted.
MUST = frozenset(
    {
        "tickets.waiting",
        "tickets.processed",
        "tickets.reminder",
        "tickets.assigned",
    }
)
_CLIENT_PARTS = frozenset({Part.AUTHOR, Part.CLIENT_MANAGER, Part.FOLLOWER})


def tells_clients(kind: str) -> bool:
    """Returns whether mails of this kind of the matrix may go to clients."""
    return bool(AUDIENCES[kind].keys() & _CLIENT_PARTS)


def tells_team(kind: str) -> bool:
    """Returns whether mails of this kind of the matrix may go to the team."""
    return bool(AUDIENCES[kind].keys() - _CLIENT_PARTS)


def parts_told(kind: str, *, phase: str, assigned: bool) -> list[Part]:
    """Returns the parts that receive the mail `kind` on a project in `phase`, in the order of the matrix.

    `assigned`: the ticket has an active assignee.
    """
    return [
        part
        for part, when in AUDIENCES[kind].items()
        if when.phase in ("", phase) and not (when.unassigned and assigned)
    ]
