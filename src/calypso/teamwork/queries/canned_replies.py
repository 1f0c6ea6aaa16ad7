"""Queries on canned replies: the list to manage, and each one filled in for a ticket."""

import re
from dataclasses import dataclass

from calypso.accounts.models import User
from calypso.base.catalogue import gettext_noop
from calypso.base.errors import NotVisible
from calypso.internals.compiled_query import CompiledQuery
from calypso.teamwork.access import may_change, usable_by
from calypso.teamwork.models import CannedReply
from calypso.tickets.models import Ticket

# The variables that a reply may contain, in braces, and their meaning. Names belong to the interface, in French.
VARIABLES = {
    "{prénom}": gettext_noop("le prénom du déclarant"),
    "{nom}": gettext_noop("le nom du déclarant"),
    "{référence}": gettext_noop("la référence du ticket"),
    "{libellé}": gettext_noop("le libellé du ticket"),
    "{projet}": gettext_noop("le nom du projet"),
    "{moi}": gettext_noop("votre prénom et votre nom"),
}
_NAMES = re.compile("|".join(re.escape(name) for name in VARIABLES))


@dataclass(frozen=True, slots=True)
class FilledReply:
    """A canned reply whose variables are replaced by the values of one ticket."""

    name: str
    text: str


def replies_page(viewer: User) -> list[tuple[CannedReply, bool]]:
    """Returns the replies that `viewer` may use, each with whether they may change it."""
    return [(reply, may_change(viewer, reply)) for reply in usable_by(viewer, CannedReply)]


def get_reply(viewer: User, key: str) -> CannedReply:
    """Returns a reply that `viewer` may use. Raises NotVisible."""
    reply = usable_by(viewer, CannedReply).filter(key=key).first()
    if reply is None:
        raise NotVisible
    return reply


def filled_replies(viewer: User, ticket: Ticket) -> list[FilledReply]:
    """Returns the replies that `viewer` may use, filled in for a ticket; unknown variables stay as typed."""
    values = (
        ticket.author.first_name,
        ticket.author.last_name,
        ticket.reference,
        ticket.title,
        ticket.project.name,
        f"{viewer.first_name} {viewer.last_name}",
    )
    values_by_variable = dict(zip(VARIABLES, values, strict=True))
    return [
        FilledReply(reply.name, _fill(reply.body, values_by_variable)) for reply in _USABLE.fetch(viewer, CannedReply)
    ]


_USABLE = CompiledQuery(usable_by)


def _fill(body: str, values_by_variable: dict[str, str]) -> str:
    """Replaces the variables in a single pass, so that those in an inserted title are not replaced in turn."""
    return _NAMES.sub(lambda match: values_by_variable[match.group()], body)
