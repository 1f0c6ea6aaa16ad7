"""Service levels: the business hours within which the team means to answer and to process."""

from django.db import transaction

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base import journal
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.tickets.actions.phases import set_due_again
from calypso.tickets.models import ServiceLevel, Ticket
from calypso.tickets.service import Level, levels

MOST_HOURS = 2000  # a year of work


def save_levels(by: User, *, wanted: dict[tuple[str, str], Level]) -> None:
    """Writes the level of each phase and priority named; what is owed on open tickets follows.

    For administrators. Raises Forbidden; Invalid, naming each « phase-priority », for hours that are not between 1 and
    2,000, or for an answer that may come later than the processing.
    """
    require(by, Capability.SET_LEVELS)
    known = levels()
    problems = {f"{phase}-{priority}": _problem(level) for (phase, priority), level in wanted.items()}
    if refused := {name: [problem] for name, problem in problems.items() if problem}:
        raise Invalid(refused)
    changed = {key: level for key, level in wanted.items() if key in known and known[key] != level}
    with transaction.atomic():
        for (phase, priority), level in changed.items():
            ServiceLevel.objects.update_or_create(
                phase=phase,
                priority=priority,
                defaults={"answer_hours": level.answer_hours, "process_hours": level.process_hours},
            )
            set_due_again(tickets=Ticket.objects.filter(project__phase=phase, priority=priority))
    journal.record("service.levels", actor=by.key, changed=len(changed))


def _problem(level: Level) -> str:
    hours = [given for given in (level.answer_hours, level.process_hours) if given is not None]
    if any(not 1 <= given <= MOST_HOURS for given in hours):
        return _("Indiquez un nombre d'heures entre 1 et 2 000, ou rien.")
    if hours != sorted(hours):
        return _("La première réponse ne peut pas être due après le traitement.")
    return ""
