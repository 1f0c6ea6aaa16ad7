"""What is left to do on a ticket."""

from calypso.accounts.models import User
from calypso.base.errors import Forbidden
from calypso.tickets.models import Ticket, Todo


def todo_list(viewer: User, ticket: Ticket) -> list[Todo]:
    """The list of a ticket that the person sees, in its order. For the team. Raises Forbidden."""
    if viewer.is_client:
        raise Forbidden
    return list(Todo.objects.filter(ticket=ticket).select_related("done_by"))
