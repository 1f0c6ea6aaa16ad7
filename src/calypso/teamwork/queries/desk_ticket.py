"""The page of one ticket on the desk: what the client's page has, and what the team's page adds to it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from calypso.accounts.models import User
from calypso.base.errors import Invalid
from calypso.outbox.models import OutgoingEmail
from calypso.search.nearby import Row as NearbyRow
from calypso.search.nearby import nearby
from calypso.sla.clock import Sides, sides_of
from calypso.sla.due import Due, due_of
from calypso.teamwork.models import Todo
from calypso.teamwork.queries.canned_replies import FilledReply, filled_replies
from calypso.teamwork.queries.links import Related, related
from calypso.teamwork.queries.queue import Place, QueueFilters, assignable, place_in_queue
from calypso.teamwork.queries.todo import todo_list
from calypso.teamwork.queries.work import Time, time_on
from calypso.tickets import access
from calypso.tickets.models import TicketEvent
from calypso.tickets.queries.ticket import TicketPage, ticket_emails, ticket_page


@dataclass(frozen=True, slots=True)
class Told:
    """Mails of one kind and state that an entry made, and how many; labels are French, translated where shown."""

    label: str
    state: str
    number: int


@dataclass(frozen=True, slots=True)
class DeskTicketPage:
    """Everything that the page of a ticket shows to one team member."""

    page: TicketPage
    emails: Sequence[OutgoingEmail]
    team: Sequence[User]
    may_assign: bool
    may_take: bool
    may_retain: bool
    may_withdraw: bool
    replies: Sequence[FilledReply]
    related: Related
    todo: Sequence[Todo]
    time: Time
    due: Due
    sides: Sides
    nearby: Sequence[NearbyRow]
    place: Place | None

    def mails_of(self, event: TicketEvent) -> list[Told]:
        """Returns the mails that an entry of the timeline made, by kind and state."""
        made = Counter(
            (email.kind_label, email.get_state_label()) for email in self.emails if email.event == f"event:{event.key}"
        )
        return [Told(label, state, number) for (label, state), number in made.items()]


def desk_ticket_page(
    viewer: User,
    reference: str,
    queue: tuple[QueueFilters, str, str] | None = None,
    *,
    most: int = 0,
    words: str = "",
) -> DeskTicketPage:
    """Returns the page of one ticket for the team; `queue` is what `place_in_queue` takes of the queue they came from.

    `most` and `words` bound its timeline (`ticket_page`).

    Raises NotVisible, to clients too; invalid filters or sort give no `place`.
    """
    page = ticket_page(viewer, reference, most=most, words=words)
    ticket = page.ticket
    return DeskTicketPage(
        page=page,
        emails=ticket_emails(viewer, ticket),
        team=assignable(viewer),
        may_assign=access.may_assign(viewer, ticket),
        may_take=access.may_take(viewer, ticket),
        may_retain=access.may_retain_priority(viewer, ticket),
        may_withdraw=access.may_withdraw(viewer, ticket),
        replies=filled_replies(viewer, ticket) if page.may_note else [],
        related=related(viewer, ticket),
        todo=todo_list(viewer, ticket),
        time=time_on(viewer, ticket),
        due=due_of(ticket),
        sides=sides_of(ticket),
        nearby=nearby(viewer, project=ticket.project, title=ticket.title, page_url=ticket.page_url, but=ticket.pk),
        place=_place(viewer, reference, queue),
    )


def _place(viewer: User, reference: str, queue: tuple[QueueFilters, str, str] | None) -> Place | None:
    if queue is None:
        return None
    try:
        return place_in_queue(viewer, *queue, reference)
    except Invalid:
        return None
