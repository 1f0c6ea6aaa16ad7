"""Canned replies: written, rewritten, shared with the team, removed."""

from django.db import IntegrityError, transaction

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base.errors import Forbidden, Invalid, NotVisible
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import BODY_MAX, NAME_MAX
from calypso.base.validation import Input
from calypso.tickets import access
from calypso.tickets.models import CannedReply


def save_reply(by: User, *, key: str = "", name: str, body: str, shared: bool) -> CannedReply:
    """Writes a reply, a new one when `key` is empty. For the team; only who assigns may share with everybody.

    Raises Invalid, naming each field; Forbidden; NotVisible for a reply that is not there.
    """
    require(by, Capability.ASSIGN if shared else Capability.NOTE)
    reply = _changed(by, key) if key else CannedReply(key=new_key(), owner=by)
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
    """Removes one's own reply, or a shared one for who assigns. Raises NotVisible, Forbidden."""
    _changed(by, key).delete()


def _changed(by: User, key: str) -> CannedReply:
    reply = access.canned_replies_for(by).filter(key=key).first()
    if reply is None:
        raise NotVisible
    if not access.may_change_reply(by, reply):
        raise Forbidden
    return reply
