"""The capabilities of people, and the roles of the team that give them. Plain Python; the only table of its kind.

Decision 4: roles combine. R&D sees the tickets handed to it and writes internal notes; it never writes to a client.
"""

from enum import StrEnum

from calypso.base.catalogue import gettext_noop


class Role(StrEnum):
    """A role of the vendor's team."""

    AGENT = "agent"
    MANAGER = "manager"
    SUPPORT = "support"
    RD = "rd"
    ADMIN = "admin"


ROLE_LABELS: dict[Role, str] = {
    Role.AGENT: gettext_noop("Intervenant"),
    Role.MANAGER: gettext_noop("Chef de projet"),
    Role.SUPPORT: gettext_noop("Support"),
    Role.RD: gettext_noop("R&D"),
    Role.ADMIN: gettext_noop("Administrateur"),
}


class Capability(StrEnum):
    """Something that a person may do. A client has theirs on every project that they see (decision 2)."""

    CLIENT_WRITE = "client_write"
    SEE_ALL = "see_all"
    OPEN_FOR_CLIENT = "open_for_client"
    WORK = "work"
    TAKE = "take"
    ASSIGN = "assign"
    NOTE = "note"
    FOLLOW_UP = "follow_up"
    CLOSE_FOR_VENDOR = "close_for_vendor"
    RETAIN_PRIORITY = "retain_priority"
    KEEP_CONTACTS = "keep_contacts"
    MANAGE_CLIENTS = "manage_clients"
    MANAGE_PROJECTS = "manage_projects"
    MANAGE_TEAM = "manage_team"
    SEE_OUTBOX = "see_outbox"
    SET_LEVELS = "set_levels"
    SET_UP = "set_up"
    IMPERSONATE = "impersonate"


_C = Capability
_TEAM = frozenset({_C.SEE_ALL, _C.OPEN_FOR_CLIENT, _C.WORK, _C.TAKE, _C.NOTE, _C.KEEP_CONTACTS})
_LEAD = _TEAM | {
    _C.ASSIGN,
    _C.FOLLOW_UP,
    _C.CLOSE_FOR_VENDOR,
    _C.RETAIN_PRIORITY,
    _C.MANAGE_CLIENTS,
    _C.MANAGE_PROJECTS,
    _C.SEE_OUTBOX,
    _C.IMPERSONATE,
}

ROLE_CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.AGENT: _TEAM,
    Role.SUPPORT: _TEAM | {_C.ASSIGN, _C.RETAIN_PRIORITY, _C.SEE_OUTBOX},
    Role.MANAGER: _LEAD,
    Role.RD: frozenset({_C.NOTE}),
    Role.ADMIN: _LEAD | {_C.MANAGE_TEAM, _C.SET_LEVELS, _C.SET_UP},
}
CLIENT_CAPABILITIES = frozenset({_C.CLIENT_WRITE})
