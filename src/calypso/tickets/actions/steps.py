"""Workflow steps, assignment and retained priority. Only `taking_back` writes the state of a ticket besides."""

from functools import partial
from typing import Any

from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.chosen import chosen
from calypso.base.errors import Conflict, Invalid, Unconfirmed
from calypso.base.i18n import gettext as _
from calypso.base.text import BODY_MAX, CONTEXT_MAX
from calypso.base.validation import Input
from calypso.tickets import access
from calypso.tickets.actions.writing import Enclosed, compare_and_set, once, open_now, record
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.notices import tell, tell_named
from calypso.tickets.priorities import Priority
from calypso.tickets.queries.revocable import mail_wait
from calypso.tickets.queries.rows import prepared_words
from calypso.tickets.workflow import STEPS, Comment, State, Step, StepName, cause_of, contradicts_closing


def take_step(
    by: User,
    *,
    ticket: Ticket,
    step: StepName,
    seen_version: int,
    body: str = "",
    form_key: str = "",
    confirmed: bool = False,
    takes: bool = False,
    source: TicketEvent.Source = TicketEvent.Source.WEB,
) -> TicketEvent:
    """Takes a step of `STEPS`, with its comment and files, and sends its mail.

    With `takes`, a ticket that nobody has is first given to `by`, unless the step can be taken back; « Marquer traité »
    from « Nouveau » always does it (decision 26).

    On a project that announces processed tickets by acceptance batch, « Marquer traité » does not change the state: the
    comment is stored as an internal entry until `announce` (decision 12).

    `seen_version` is the version of the ticket that the person looked at. Raises Invalid for a missing comment,
    Forbidden (NotVisible for a client) when the person could take the step from no state, Conflict when the current
    state does not allow it or the ticket changed meanwhile, Unconfirmed when a closing comment says that the problem
    remains (decision 9).
    """
    facts = STEPS[step]
    if step is StepName.ASSIGN:
        raise Invalid({"step": [_("Choisissez à qui affecter le ticket.")]})
    access.require_step(by, facts)
    text = checked_comment(step=facts, body=body)

    def act(once_key: str | None) -> TicketEvent:
        current = _current_ticket(by, ticket, facts)
        if step is StepName.CLOSE and contradicts_closing(text) and not confirmed:
            raise Unconfirmed(_("Votre commentaire dit que le problème demeure. Clôturer quand même ?"))
        version = seen_version
        gives = takes and step is not StepName.START and not facts.is_revocable  # « Démarrer » gives it by itself
        if gives or (step is StepName.PROCESS and current.state_now is State.NEW):
            version = take_with_act(by, ticket=current, seen_version=seen_version)
        if step is StepName.PROCESS and current.project.by_batch:
            return _prepare(by, current, version, text, form_key, once_key, source)
        return _step(by, current, facts, version, text, form_key, once_key, source)

    return once(by, form_key, partial(_is_step, ticket, facts, text), act)


def announce(by: User, *, ticket: Ticket) -> TicketEvent:
    """Takes the prepared « Traité » step, which makes its comment and files visible to the client.

    Sends no mail, since the acceptance batch does. Runs in the transaction of the batch. Raises NotVisible; Conflict
    when nothing is prepared, or the step is no longer possible.
    """
    facts = STEPS[StepName.PROCESS]
    current = _current_ticket(by, ticket, facts)
    prepared = prepared_words([current]).get(current.pk) if current.prepared_at else None
    if prepared is None:
        raise Conflict(_("Ce ticket n'est plus prêt à publier."))
    before = compare_and_set(current, current.version, **_changes(current, facts))
    return record(
        current,
        prepared.actor or by,
        TicketEvent.Kind.STEPPED,
        body=prepared.body,
        step=facts.name,
        source=TicketEvent.Source(prepared.source),
        before=before,
        enclosed=prepared,
    )


def withdraw(by: User, *, ticket: Ticket, seen_version: int, form_key: str = "") -> TicketEvent:
    """Removes a prepared ticket from those to publish; its comment stays in the timeline, hidden from the client.

    Raises Forbidden; Conflict when the ticket is not prepared, or changed meanwhile.
    """
    access.require_step(by, STEPS[StepName.PROCESS])

    def act(once_key: str | None) -> TicketEvent:
        current = _current_ticket(by, ticket)
        if current.prepared_at is None:
            raise Conflict(_("Ce ticket n'est plus prêt à publier."))
        compare_and_set(current, seen_version, prepared_at=None)
        return record(current, by, TicketEvent.Kind.WITHDRAWN, internal=True, once_key=once_key)

    return once(by, form_key, lambda entry: (entry.ticket_id, entry.kind) == (ticket.pk, "withdrawn"), act)


def assign(
    by: User, *, ticket: Ticket, assignee: User, seen_version: int, body: str = "", form_key: str = ""
) -> TicketEvent:
    """Assigns the ticket to a team member, who is notified; « Nouveau » and « En retour » become « Affecté » (S110).

    In the other open states the assignee changes and the state does not (A31). Assigning it to oneself needs only
    `TAKE`. Raises Invalid for somebody who does not work on tickets, or who has this one already; Forbidden, Conflict.
    """
    access.require_assign(by, assignee)
    if not access.works(assignee):
        raise Invalid({"assignee": [_("Choisissez un intervenant de la liste.")]})
    facts = STEPS[StepName.ASSIGN]
    text = checked_comment(step=facts, body=body)

    def act(once_key: str | None) -> TicketEvent:
        current = _current_ticket(by, ticket)
        steps = current.state_now in facts.sources
        if not steps and current.assignee_id == assignee.pk:
            raise Invalid({"assignee": [_("Ce ticket est déjà affecté à %(name)s.") % {"name": assignee.full_name}]})
        first = steps and current.taken_at is None
        event = _give(by, current, assignee, seen_version, body=text, once_key=once_key)
        tell("tickets.assigned", current, event)
        if first:
            tell("tickets.taken", current, event)
        return event

    signature = (ticket.pk, assignee.pk, text)
    return once(by, form_key, lambda entry: (entry.ticket_id, entry.subject_id, entry.body) == signature, act)


def retain_priority(
    by: User, *, ticket: Ticket, priority: Priority, reason: str, seen_version: int, form_key: str = ""
) -> TicketEvent:
    """Retains another priority than the declared one, with a reason that the client sees (decision 13).

    The declared priority and its context never change. Raises Invalid, Forbidden, Conflict.
    """
    access.require_retain_priority(by)
    changed = priority.value != ticket.declared_priority
    checked = Input()
    text = checked.line("reason", reason, CONTEXT_MAX, required=changed)
    checked.done()

    def act(once_key: str | None) -> TicketEvent:
        current = _current_ticket(by, ticket)
        if (current.priority, current.priority_reason) == (priority.value, text if changed else ""):
            raise Invalid({"priority": [_("C'est déjà la priorité retenue.")]})
        stored_reason = text if changed else ""
        compare_and_set(current, seen_version, priority=priority.value, priority_reason=stored_reason)
        return record(current, by, TicketEvent.Kind.PRIORITIZED, body=text, once_key=once_key)

    # The entry does not store the priority, so it is compared with the ticket's: a repetition after another change of
    # priority does not pass for already done.
    signature = (ticket.pk, "prioritized", text, priority.value)
    return once(
        by, form_key, lambda entry: (entry.ticket_id, entry.kind, entry.body, entry.ticket.priority) == signature, act
    )


def _is_step(ticket: Ticket, step: Step, text: str, entry: TicketEvent) -> bool:
    """Returns whether `entry` is this step with this comment; an internal comment is in a separate entry."""
    if (entry.ticket_id, entry.step) != (ticket.pk, step.name.value):
        return False
    if step.comment is not Comment.INTERNAL:
        return entry.body == text
    internal_entries = TicketEvent.objects.filter(
        ticket=entry.ticket_id, actor=entry.actor_id, internal=True, pk__gt=entry.pk
    )
    return internal_entries.filter(kind=TicketEvent.Kind.COMMENTED, body=text).exists()


def checked_comment(*, step: Step, body: str) -> str:
    """Returns the cleaned comment of a step. Raises Invalid when it is missing or too long."""
    checked = Input()
    text = checked.lines("body", body, BODY_MAX, required=step.comment is not Comment.OPTIONAL)
    checked.done()
    return text


def _current_ticket(by: User, ticket: Ticket, step: Step | None = None) -> Ticket:
    """Returns the current ticket, locked and open. Raises Conflict when its state does not allow `step`, if given."""
    current = open_now(by, ticket)
    if step is not None and current.state_now not in step.sources:
        raise Conflict(_("Ce ticket a changé pendant que vous écriviez."))
    return current


def _give(
    by: User, ticket: Ticket, assignee: User, seen_version: int, *, body: str = "", once_key: str | None = None
) -> TicketEvent:
    """Assigns the current, locked ticket; « Nouveau » and « En retour » become « Affecté » (S110, A31). Sends no mail.

    Raises Conflict when the ticket changed since `seen_version`.
    """
    facts = STEPS[StepName.ASSIGN]
    steps = ticket.state_now in facts.sources
    changes: dict[str, Any] = {"assignee": assignee}
    if steps:
        changes |= _changes(ticket, facts) | {"prepared_at": ticket.prepared_at}
    before = compare_and_set(ticket, seen_version, **changes)
    step = facts.name if steps else ""
    kind = TicketEvent.Kind.ASSIGNED
    return record(ticket, by, kind, body=body, subject=assignee, step=step, once_key=once_key, before=before)


def take_with_act(by: User, *, ticket: Ticket, seen_version: int) -> int:
    """Gives the current ticket, which nobody has, to the person who acts on it; returns its version (decision 26).

    Nobody is told: the act has its own mail. Does nothing on a ticket that somebody has, or by who takes none.
    """
    if ticket.assignee_id is not None or not access.may_take(by, ticket):
        return seen_version
    _give(by, ticket, by, seen_version)
    return ticket.version


def _changes(ticket: Ticket, step: Step) -> dict[str, Any]:
    """Returns the column values that a step writes, apart from the assignee."""
    now = clock.now()
    changes: dict[str, Any] = {
        "state": step.target.value,
        "return_cause": cause_of(step.name, ticket.state_now).value,
        "prepared_at": None,
    }
    if step.mail == "tickets.taken" and ticket.taken_at is None:
        changes["taken_at"] = now
    if step.target is State.RD:
        changes["handed_to_rd_at"] = now
    if step.target is State.CLOSED:
        changes["closed_at"] = now
    return changes


def _step(
    by: User,
    ticket: Ticket,
    step: Step,
    seen_version: int,
    text: str,
    form_key: str,
    once_key: str | None,
    source: TicketEvent.Source,
) -> TicketEvent:
    changes = _changes(ticket, step)
    if step.name is StepName.START and ticket.assignee_id is None:
        changes["assignee"] = by
    taken_before = ticket.taken_at is not None
    before = compare_and_set(ticket, seen_version, **changes)
    is_internal, files = step.comment is Comment.INTERNAL, Enclosed(form_key, chosen("COMMENT_FILES"))
    event = record(
        ticket,
        by,
        TicketEvent.Kind.STEPPED,
        body="" if is_internal else text,
        step=step.name,
        once_key=once_key,
        source=source,
        before=before,
        enclosed=None if is_internal else files,
    )
    mailed_event = event
    if is_internal:
        kind = TicketEvent.Kind.COMMENTED
        mailed_event = record(ticket, by, kind, body=text, internal=True, source=source, enclosed=files)
    if not (step.mail == "tickets.taken" and taken_before):
        tell(step.mail, ticket, mailed_event, wait=mail_wait(step))
    return event


def _prepare(
    by: User,
    ticket: Ticket,
    seen_version: int,
    text: str,
    form_key: str,
    once_key: str | None,
    source: TicketEvent.Source,
) -> TicketEvent:
    compare_and_set(ticket, seen_version, prepared_at=clock.now())
    event = record(
        ticket,
        by,
        TicketEvent.Kind.PREPARED,
        body=text,
        internal=True,
        step=StepName.PROCESS,
        once_key=once_key,
        source=source,
        enclosed=Enclosed(form_key, chosen("COMMENT_FILES")),
    )
    tell_named(ticket, event)
    return event
