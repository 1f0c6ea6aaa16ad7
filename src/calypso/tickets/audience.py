"""Who is told of what, by part and phase: the mail matrix (checklist 16 and 17, decision 14). Plain data."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """The part a person plays on a ticket."""

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
    """When a part is told: in one phase only (`setup` or `live`), only while nobody is assigned."""

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
    "tickets.mention": {},  # whom a colleague names
}

# What waits for its reader: its mail may be put off to the morning, neither left out nor muted.
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
    """Whether a kind of the table may be told to clients."""
    return bool(AUDIENCES[kind].keys() & _CLIENT_PARTS)


def tells_team(kind: str) -> bool:
    """Whether a kind of the table may be told to the team."""
    return bool(AUDIENCES[kind].keys() - _CLIENT_PARTS)


def parts_told(kind: str, *, phase: str, assigned: bool) -> list[Part]:
    """The parts told by mail `kind` on a project in `phase`, in the order of the table."""
    return [
        part
        for part, when in AUDIENCES[kind].items()
        if when.phase in ("", phase) and not (when.unassigned and assigned)
    ]
