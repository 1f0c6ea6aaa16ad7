"""Moving a project from set-up to live or back (« bascule »): proposed, agreed by both sides, then performed (I3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from calypso.accounts.models import User
from calypso.base import clock, journal
from calypso.base.errors import Conflict
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import BODY_MAX, CONTEXT_MAX
from calypso.base.validation import Input
from calypso.phases.access import require_agree
from calypso.phases.models import PhaseChange, PhaseItem
from calypso.phases.notices import tell_phase_ended, tell_proposed
from calypso.phases.queries import get_change, open_lines, other_phase
from calypso.projects.access import SeenProject, may_manage, require_manage, require_open
from calypso.projects.actions import change_phase
from calypso.projects.models import Project
from calypso.sla.actions.levels import set_due_again
from calypso.tickets.actions.steps import take_step
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import State, StepName

CHOICES = PhaseItem.Choice
STEP_OF = {CHOICES.CLOSE: StepName.CLOSE_FOR_VENDOR, CHOICES.POSTPONE: StepName.FOLLOW_UP}


@dataclass(frozen=True, slots=True)
class Fate:
    """What is proposed for one open ticket: a `PhaseItem.Choice`, and the reason when it is not carried over."""

    reference: str
    choice: str
    reason: str = ""


@transaction.atomic
def propose_phase(by: User, *, project: SeenProject, note: str, fates: Sequence[Fate]) -> PhaseChange:
    """Proposes the other phase, with a choice for the open tickets; open tickets without one are carried over.

    The vendor's project manager agrees by proposing; the other managers are asked by mail. Requires the right to manage
    projects. Raises Invalid (`note`, `REFERENCE-choice`, `REFERENCE-reason`), Forbidden, Conflict when the project has
    no client project manager or a phase change is already proposed.
    """
    require_manage(by)
    require_open(project)
    if project.client_manager is None:
        raise Conflict(_("Ce projet n'a pas de chef de projet client : choisissez-le."))
    checked, fates_by_reference = Input(), {fate.reference: fate for fate in fates}
    now = clock.now()
    change = PhaseChange(key=new_key(), project=project, phase=other_phase(project), author=by, created_at=now)
    change.note = checked.lines("note", note, BODY_MAX)
    items = []
    for line in open_lines(by, project):
        fate = fates_by_reference.get(line.ticket.reference, Fate(line.ticket.reference, CHOICES.CARRY))
        reason = checked.line(
            f"{fate.reference}-reason", fate.reason, CONTEXT_MAX, required=fate.choice != CHOICES.CARRY
        )
        if fate.choice not in line.choices:
            checked.refuse(f"{fate.reference}-choice", _("Ce choix n'est pas possible pour ce ticket."))
        items.append(
            PhaseItem(change=change, ticket=line.ticket, state=line.ticket.state, choice=fate.choice, reason=reason)
        )
    checked.done()
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError:
        raise Conflict(_("Un changement de phase de ce projet est déjà proposé.")) from None
    PhaseItem.objects.bulk_create(items)
    journal.record("phase.proposed", actor=by.key, project=project.key, phase=change.phase)
    if by.pk == project.vendor_manager_id:
        change.vendor_agreed_by, change.vendor_agreed_at = by, now
        change.save()
    tell_proposed(change, by)
    return change


@transaction.atomic
def agree_phase(by: User, *, project: SeenProject, seen: str | None = None) -> PhaseChange:
    """Records the agreement of one side; the second agreement moves the project, and its tickets as proposed.

    `seen` is the key of the proposal that the person read, None for whichever is open. For the two project managers.
    Raises Forbidden; Conflict when that proposal is no longer the open one, or when the person who agreed for the
    vendor no longer manages projects: the move is performed in their name.
    """
    change = _open_proposal(by, project)
    side = require_agree(by, change)
    _require_read(change, seen)
    setattr(change, f"{side}_agreed_by", by)
    setattr(change, f"{side}_agreed_at", clock.now())
    journal.record("phase.agreed", actor=by.key, project=project.key, side=side)
    if change.vendor_agreed_by and change.client_agreed_by:
        _perform(change, change.vendor_agreed_by)
        _end(change, by, PhaseChange.State.DONE)
        tell_phase_ended(change, "phases.done", by)
    change.save()
    return change


@transaction.atomic
def refuse_phase(by: User, *, project: SeenProject, reason: str, seen: str | None = None) -> None:
    """Refuses the proposal, with a reason that is shown to the other side. For the two project managers."""
    change = _open_proposal(by, project)
    require_agree(by, change)
    _require_read(change, seen)
    checked = Input()
    change.reason = checked.line("reason", reason, CONTEXT_MAX, required=True)
    checked.done()
    _end(change, by, PhaseChange.State.REFUSED)
    change.save()
    tell_phase_ended(change, "phases.refused", by)


@transaction.atomic
def withdraw_phase(by: User, *, project: SeenProject, seen: str | None = None) -> None:
    """Withdraws the proposal. Requires the right to manage projects."""
    require_manage(by)
    change = _open_proposal(by, project)
    _require_read(change, seen)
    _end(change, by, PhaseChange.State.WITHDRAWN)
    change.save()


def _open_proposal(by: User, project: SeenProject) -> PhaseChange:
    """Returns the open proposal of a project, its row locked. Raises Conflict without one, or if it is archived."""
    require_open(project)
    change = get_change(by, project)
    if change is None or change.state != PhaseChange.State.PROPOSED:
        raise Conflict(_("Ce changement de phase n'est plus proposé."))
    PhaseChange.objects.select_for_update().get(pk=change.pk)
    change.refresh_from_db(fields=["state", "vendor_agreed_at", "client_agreed_at"])
    if change.state != PhaseChange.State.PROPOSED:
        raise Conflict(_("Ce changement de phase n'est plus proposé."))
    return change


def _require_read(change: PhaseChange, read_key: str | None) -> None:
    """Raises Conflict when the person read another proposal: nobody may agree to what they did not read (R102)."""
    if read_key is not None and read_key != change.key:
        raise Conflict(_("La proposition a changé depuis que vous l'avez lue : relisez-la."))


def _end(change: PhaseChange, by: User, state: PhaseChange.State) -> None:
    change.state, change.ended_by, change.ended_at = state, by, clock.now()
    journal.record(f"phase.{state.value}", actor=by.key, project=change.project.key)


def _perform(change: PhaseChange, by: User) -> None:
    """Moves the tickets, then the project.

    A ticket whose state changed since the proposal is left as it is, and the `done` of its item stays false. Those
    opened since are carried over, and the record says so.
    """
    if not may_manage(by):
        raise Conflict(_("Qui avait donné l'accord de l'équipe ne gère plus les projets : proposez à nouveau."))
    proposed = PhaseItem.objects.filter(change=change).values("ticket_id")
    opened_since = Ticket.objects.filter(project=change.project).exclude(state=State.CLOSED).exclude(pk__in=proposed)
    PhaseItem.objects.bulk_create(
        PhaseItem(change=change, ticket=ticket, state=ticket.state, choice=CHOICES.CARRY)
        for ticket in opened_since.order_by("created_at")
    )
    for item in PhaseItem.objects.filter(change=change).select_related("ticket__project"):
        step = STEP_OF.get(CHOICES(item.choice))
        item.done = item.ticket.state == item.state
        if item.done and step is not None:
            take_step(by, ticket=item.ticket, step=step, seen_version=item.ticket.version, body=item.reason)
        item.save(update_fields=["done"])
    switch_phase(by, project=change.project, phase=Project.Phase(change.phase))


@transaction.atomic
def switch_phase(by: User, *, project: Project, phase: Project.Phase) -> None:
    """Changes the phase of a project; the service levels of the new phase then apply to its open tickets.

    Requires the right to manage projects; the interfaces go through a proposal. Raises Forbidden, Conflict.
    """
    change_phase(by, project=project, phase=phase)
    set_due_again(tickets=Ticket.objects.filter(project=project))
