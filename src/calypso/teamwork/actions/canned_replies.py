"""Actions on canned replies: create, edit, share with the team, delete."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from calypso.accounts.models import User
from calypso.base.editing import merge
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import BODY_MAX, NAME_MAX
from calypso.base.validation import Input
from calypso.teamwork import access
from calypso.teamwork.models import CannedReply


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """What the form of a canned reply changes."""

    name: str
    body: str
    shared: bool


def save_reply(
    by: User, *, key: str = "", name: str, body: str, shared: bool, shown: ReplyFacts | None = None
) -> CannedReply:
    """Saves a canned reply, a new one when `key` is empty. For the team; sharing requires the right to assign.

    Writes what differs from `shown`, the values that the page showed. Raises Invalid, naming each field; Forbidden;
    NotVisible for an unknown reply; Conflict when somebody else changed the same value meanwhile (R102).
    """
    access.require_save(by, shared=shared)
    reply = access.get_changeable(by, CannedReply, key) if key else CannedReply(key=new_key(), owner=by)
    if key:
        facts = merge(shown, ReplyFacts(name, body, shared), ReplyFacts(reply.name, reply.body, reply.shared))
        name, body, shared = facts.name, facts.body, facts.shared
    checked = Input()
    reply.name = checked.line("name", name, NAME_MAX, required=True)
    reply.body = checked.lines("body", body, BODY_MAX, required=True)
    reply.shared = shared
    checked.done()
    try:
        with transaction.atomic():
            reply.save()
    except IntegrityError:
        raise Invalid({"name": [_("Vous avez déjà une réponse de ce nom.")]}) from None
    return reply


def remove_reply(by: User, *, key: str) -> None:
    """Deletes one's own reply, or a shared one with the right to assign. Raises NotVisible, Forbidden."""
    access.get_changeable(by, CannedReply, key).delete()
