"""The action by which a client gives the priority of a ticket that they opened by mail."""

from calypso.accounts.models import User
from calypso.base.errors import Conflict, Forbidden
from calypso.base.i18n import gettext as _
from calypso.base.text import CONTEXT_MAX
from calypso.base.validation import Input
from calypso.tickets.access import may_reply
from calypso.tickets.actions.writing import compare_and_set, once, open_now, record
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.notices import tell
from calypso.tickets.priorities import Priority, needs_context


def declare_priority(by: User, *, ticket: Ticket, priority: str, context: str, form_key: str = "") -> TicketEvent:
    """Declares the priority that a ticket opened by mail was opened without; the team is told of a high one (S65, S66).

    It becomes the retained one, unless the team retained another meanwhile (decision 13). Once: what a client declared
    is theirs and never changes. Raises Invalid, naming each field; Forbidden; Conflict when it was already declared.
    """
    checked = Input()
    text = checked.line("context", context, CONTEXT_MAX)
    if priority not in list(Priority):
        checked.refuse("priority", _("Choisissez une priorité."))
    elif needs_context(Priority(priority)) and not text:
        checked.refuse("context", _("Pour les priorités « Élevée » et « Bloquant », précisez le contexte."))
    checked.done()

    def act(once_key: str | None) -> TicketEvent:
        current = open_now(by, ticket)
        if not by.is_client or not may_reply(by, current):
            raise Forbidden
        if not current.priority_asked:
            raise Conflict(_("La priorité de ce ticket est déjà précisée."))
        changes = {"declared_priority": priority, "context": text, "priority_asked": False}
        if current.priority == current.declared_priority:
            changes["priority"] = priority
        compare_and_set(current, current.version, **changes)
        event = record(current, by, TicketEvent.Kind.PRIORITIZED, body=text, once_key=once_key)
        if needs_context(Priority(priority)):
            tell("tickets.client_comment", current, event)
        return event

    def same(entry: TicketEvent) -> bool:
        return (entry.ticket_id, entry.kind, entry.body) == (ticket.pk, TicketEvent.Kind.PRIORITIZED, text)

    return once(by, form_key, same, act)
