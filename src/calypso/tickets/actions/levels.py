"""Service levels: the business hours within which the team means to answer and to process."""

from dataclasses import asdict

from django.db import transaction

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.base import journal
from calypso.base.i18n import gettext as _
from calypso.base.validation import Input
from calypso.tickets.actions.phases import set_due_again
from calypso.tickets.models import ServiceLevel, Ticket
from calypso.tickets.service import Level, hours_name, levels

MOST_HOURS = 2000  # a year of work


def save_levels(by: User, *, wanted: dict[tuple[str, str], Level]) -> None:
    """Writes the level of each phase and priority named; what is owed on open tickets follows.

    For administrators. Raises Forbidden; Invalid, naming each number as `hours_name` does, for hours that are not
    between 1 and 2,000, or for an answer that may come later than the processing.
    """
    require(by, Capability.SET_LEVELS)
    known = levels()
    checked = Input()
    for (phase, priority), level in wanted.items():
        for which, problem in _problems(level).items():
            checked.refuse(hours_name(phase, priority, which), problem)
    checked.done()
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


def _problems(level: Level) -> dict[str, str]:
    given = {which: hours for which, hours in asdict(level).items() if hours is not None}
    if wrong := [which for which, hours in given.items() if not 1 <= hours <= MOST_HOURS]:
        return dict.fromkeys(wrong, _("Indiquez un nombre d'heures entre 1 et 2000, ou rien."))
    if list(given.values()) != sorted(given.values()):
        return {"answer_hours": _("La première réponse ne peut pas être due après le traitement.")}
    return {}
