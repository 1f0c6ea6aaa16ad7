"""The action that saves the service levels: the business hours within which the team aims to answer and to process."""

from dataclasses import asdict

from django.db import transaction
from django.db.models import QuerySet

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base import journal
from calypso.base.editing import merge
from calypso.base.i18n import gettext as _
from calypso.base.validation import Input
from calypso.sla.due import DUE_FIELDS, set_due
from calypso.sla.levels import Level, Levels, hours_name, levels
from calypso.sla.models import ServiceLevel
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import State

MOST_HOURS = 2000  # about the working hours of a year


def save_levels(by: User, *, new_levels: Levels, shown: Levels | None = None) -> None:
    """Saves the level of each phase and priority in `new_levels`, and recomputes the deadlines of open tickets.

    Writes what differs from `shown`, the levels that the page showed. For administrators. Raises Forbidden; Conflict
    when somebody else changed the same number meanwhile (R102); Invalid, naming each number as `hours_name` does, for
    hours that are not between 1 and 2,000, or for an answer due later than the processing.
    """
    require(by, Capability.SET_LEVELS)
    current_levels = levels()
    if shown is not None:
        new_levels = {
            key: merge(shown.get(key), level, current_levels.get(key, level)) for key, level in new_levels.items()
        }
    checked = Input()
    for (phase, priority), level in new_levels.items():
        for field, problem in _problems(level).items():
            checked.refuse(hours_name(phase, priority, field), problem)
    checked.done()
    changed_levels = {
        key: level for key, level in new_levels.items() if key in current_levels and current_levels[key] != level
    }
    with transaction.atomic():
        for (phase, priority), level in changed_levels.items():
            ServiceLevel.objects.update_or_create(
                phase=phase,
                priority=priority,
                defaults={"answer_hours": level.answer_hours, "process_hours": level.process_hours},
            )
            set_due_again(tickets=Ticket.objects.filter(project__phase=phase, priority=priority))
    journal.record("levels", actor=by.key, changed=len(changed_levels))


def _problems(level: Level) -> dict[str, str]:
    hours_by_field = {field: hours for field, hours in asdict(level).items() if hours is not None}
    if wrong_fields := [field for field, hours in hours_by_field.items() if not 1 <= hours <= MOST_HOURS]:
        return dict.fromkeys(wrong_fields, _("Indiquez un nombre d'heures entre 1 et 2000, ou rien."))
    if list(hours_by_field.values()) != sorted(hours_by_field.values()):
        return {"answer_hours": _("La première réponse ne peut pas être due après le traitement.")}
    return {}


def set_due_again(*, tickets: QuerySet[Ticket]) -> None:
    """Recomputes the deadlines of those of `tickets` that are open. Runs in the transaction of the caller."""
    rows = list(tickets.exclude(state=State.CLOSED).select_related("project").select_for_update(of=("self",)))
    current_levels = levels()
    for row in rows:
        set_due(row, current_levels)
    Ticket.objects.bulk_update(rows, DUE_FIELDS, batch_size=500)
