"""The action that saves the service levels: the business hours within which the team aims to answer and to process."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from calypso.accounts import audit_log
from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import Organization, User
from calypso.base import journal
from calypso.base.editing import merge
from calypso.base.i18n import gettext as _
from calypso.base.validation import Input
from calypso.projects.models import Project
from calypso.projects.queries import about_project
from calypso.sla.due import DUE_FIELDS, set_due
from calypso.sla.levels import Level, Levels, Owner, book, hours_name
from calypso.sla.models import ServiceLevel
from calypso.tickets.models import Ticket
from calypso.tickets.workflow import State
from calypso.vendor.queries import ABOUT

MOST_HOURS = 2000  # about the working hours of a year


def save_levels(by: User, *, new_levels: Levels, shown: Levels | None = None, owner: Owner = None) -> None:
    """Saves the level of each phase and priority in `new_levels`, and recomputes the deadlines of open tickets.

    The levels are those of everybody, or of `owner`, as `Level` tells them. Writes what differs from `shown`, the
    levels that the page showed. For administrators. Raises Forbidden; Conflict when somebody else changed the same
    number meanwhile (R102); Invalid, naming each number as `hours_name` does, for hours that are not between 1 and
    2,000 (or 0 for an owner), or for an answer due later than the processing.
    """
    require(by, Capability.SET_LEVELS)
    with transaction.atomic():
        saved = book()
        nothing = Level(None, None)
        current = {key: saved.own(owner).get(key, nothing) for key in saved.everybody}
        if shown is not None:
            new_levels = {
                key: merge(shown.get(key), level, current.get(key, level)) for key, level in new_levels.items()
            }
        _check(new_levels, saved.beneath(owner) if owner else {})
        changed_levels = {key: level for key, level in new_levels.items() if key in current and current[key] != level}
        for (phase, priority), level in changed_levels.items():
            ServiceLevel.objects.update_or_create(
                phase=phase, priority=priority, **_columns(owner), defaults=asdict(level)
            )
            set_due_again(tickets=_tickets_of(owner).filter(project__phase=phase, priority=priority))
        if changed_levels:
            old_levels = {key: current[key] for key in changed_levels}
            audit_log.record(by, _about(owner), "changed", _told(old_levels), _told(changed_levels))
    journal.record("levels", actor=by.key, changed=len(changed_levels))


def _check(new_levels: Levels, beneath: Levels) -> None:
    """Raises Invalid. `beneath` holds the levels that a company or a project inherits; empty for everybody's."""
    checked = Input()
    for (phase, priority), level in new_levels.items():
        targets = level.over(beneath[phase, priority]) if (phase, priority) in beneath else level
        for field, problem in _problems(level, targets, least=0 if beneath else 1).items():
            checked.refuse(hours_name(phase, priority, field), problem)
    checked.done()


def _problems(level: Level, targets: Level, *, least: int) -> dict[str, str]:
    hours_by_field = {field: hours for field, hours in asdict(level).items() if hours is not None}
    if wrong_fields := [field for field, hours in hours_by_field.items() if not least <= hours <= MOST_HOURS]:
        said = _("Indiquez un nombre d'heures entre %(least)d et 2000, ou rien.") % {"least": least}
        return dict.fromkeys(wrong_fields, said)
    if targets.answer_hours and targets.process_hours and targets.answer_hours > targets.process_hours:
        return {"answer_hours": _("La première réponse ne peut pas être due après le traitement.")}
    return {}


def _columns(owner: Owner) -> dict[str, Any]:
    return {
        "organization": owner if isinstance(owner, Organization) else None,
        "project": owner if isinstance(owner, Project) else None,
    }


def _tickets_of(owner: Owner) -> QuerySet[Ticket]:
    return Ticket.objects.filter(**{name: value for name, value in _columns(owner).items() if value})


def _about(owner: Owner) -> str:
    """Returns what the history calls those whose levels change."""
    if owner is None:
        return ABOUT
    return about_project(owner) if isinstance(owner, Project) else audit_log.about_organization(owner)


def _told(levels: Levels) -> Mapping[str, str]:
    """Returns the levels as the history shows them, by field: hours until the answer / until the processing."""
    return {
        f"level_{phase}_{priority}": f"{_hours(level.answer_hours)} / {_hours(level.process_hours)}"
        for (phase, priority), level in levels.items()
    }


def _hours(hours: int | None) -> str:
    return "—" if hours is None else str(hours)


def set_due_again(*, tickets: QuerySet[Ticket]) -> None:
    """Recomputes the deadlines of those of `tickets` that are open. Runs in the transaction of the caller."""
    rows = list(tickets.exclude(state=State.CLOSED).select_related("project").select_for_update(of=("self",)))
    saved = book()
    for row in rows:
        set_due(row, saved.of(row.project))
    Ticket.objects.bulk_update(rows, DUE_FIELDS, batch_size=500)
