"""Actions on the to-do list of a ticket; visible to the team only (I3, R11)."""

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import TITLE_MAX
from calypso.base.validation import Input
from calypso.teamwork.models import Todo
from calypso.tickets.actions.writing import noted_ticket
from calypso.tickets.models import Ticket

MOST = 50


def add_todo(by: User, *, ticket: Ticket, text: str) -> Todo:
    """Adds an item to the to-do list of an open ticket. Raises Invalid, Forbidden, NotVisible."""
    current = noted_ticket(by, ticket)
    checked = Input()
    line = checked.line("todo", text, TITLE_MAX, required=True)
    checked.done()
    if Todo.objects.filter(ticket=current).count() >= MOST:
        raise Invalid({"todo": [_("Au plus %(most)d lignes.") % {"most": MOST}]})
    return Todo.objects.create(key=new_key(), ticket=current, text=line, author=by, created_at=clock.now())


def set_done(by: User, *, ticket: Ticket, key: str, done: bool) -> None:
    """Marks an item as done, or not done; the first person to mark it done is recorded.

    Does nothing for an item that no longer exists. Raises Forbidden.
    """
    lines = Todo.objects.filter(ticket=noted_ticket(by, ticket), key=key)
    if done:
        lines.filter(done_at__isnull=True).update(done_at=clock.now(), done_by=by)
    else:
        lines.update(done_at=None, done_by=None)


def drop_todo(by: User, *, ticket: Ticket, key: str) -> None:
    """Deletes an item of the list. Raises Forbidden."""
    Todo.objects.filter(ticket=noted_ticket(by, ticket), key=key).delete()
