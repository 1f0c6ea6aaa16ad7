"""The to-do list of a ticket."""

from calypso.accounts.models import User
from calypso.base.errors import Forbidden
from calypso.internals.compiled_query import CompiledQuery
from calypso.teamwork.models import Todo
from calypso.tickets.models import Ticket


def todo_list(viewer: User, ticket: Ticket) -> list[Todo]:
    """Returns the to-do list of a ticket visible to `viewer`, in order. For the team. Raises Forbidden."""
    if viewer.is_client:
        raise Forbidden
    return _TODO.fetch(ticket.pk)


_TODO = CompiledQuery(lambda ticket_id: Todo.objects.filter(ticket_id=ticket_id).select_related("done_by"))
