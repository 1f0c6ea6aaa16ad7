"""Settles a received mail when somebody of the team sends the form that was filled in with it."""

from calypso.base import clock
from calypso.base.errors import Conflict
from calypso.base.i18n import gettext as _
from calypso.base.references import KEY_LENGTH
from calypso.mailin.models import ReceivedEmail, State
from calypso.tickets.events import Published


def already_there(row: ReceivedEmail) -> Conflict:
    """Returns the refusal of a mail that somebody put on a ticket meanwhile, which it names."""
    reference = row.ticket.reference if row.ticket else ""
    return Conflict(_("Ce message est déjà sur le ticket %(reference)s.") % {"reference": reference})


def follow(published: Published) -> None:
    """Called for every entry, in its transaction. Raises Conflict when the mail was settled by another entry."""
    key = (published.entry.once_key or "").rpartition(":")[2]
    if len(key) != KEY_LENGTH or published.by is None or published.by.is_client:  # the forms of pages have longer keys
        return
    row = ReceivedEmail.objects.select_related("ticket").filter(key=key).first()
    if row is None or row.state == State.WAITING:  # its reader writes what became of it
        return
    waiting = ReceivedEmail.objects.filter(pk=row.pk).exclude(state=State.APPLIED)
    facts = {"ticket": published.ticket, "event": published.entry, "settled_by": published.by}
    if not waiting.update(state=State.APPLIED, reason="", settled_at=clock.now(), **facts):
        raise already_there(row)
