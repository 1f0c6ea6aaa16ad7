"""Actions on projects: their facts, their phase, their archiving, their viewers."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from calypso.accounts import audit_log
from calypso.accounts.access import colleagues
from calypso.accounts.models import Organization, User
from calypso.base import clock, journal
from calypso.base.editing import merge
from calypso.base.errors import Conflict, Invalid, Unconfirmed
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import NAME_FOLDED_MAX, NAME_MAX, fold_within
from calypso.base.validation import Input
from calypso.projects import access, notices
from calypso.projects.models import MAIL_NAME_MAX, Project, ViewingRight
from calypso.projects.queries import PEOPLE, about_project, listed_people

MOST_REMIND_DAYS = 60
# The only columns that the form writes: it never undoes a restriction, a phase change or an archiving made meanwhile.
FACT_FIELDS = [
    "name",
    "search_text",
    "event_date",
    "vendor_manager",
    "client_manager",
    "setup_agent",
    "support",
    "by_batch",
    "remind_days",
    "asks_satisfaction",
    "mail_name",
]
_MAIL_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a project, as entered in the form. People are None when none is chosen.

    `by_batch`: processed tickets wait for a batch that announces them together (decision 12). `remind_days`: business
    days after which a client is reminded of a ticket that waits for them; None for never. `mail_name`: the word of the
    address that clients write to to open a ticket; empty for none.
    """

    name: str
    event_date: date | None
    vendor_manager: User | None
    client_manager: User | None = None
    setup_agent: User | None = None
    support: User | None = None
    by_batch: bool = False
    remind_days: int | None = None
    asks_satisfaction: bool = False
    mail_name: str = ""


def add_project(by: User, *, organization: Organization, facts: Facts) -> Project:
    """Adds a project, in set-up, to a client company. Requires the right to manage projects. Raises Invalid."""
    access.require_manage(by)
    project = Project(key=new_key(), organization=organization, created_at=clock.now())
    with transaction.atomic():
        _save_facts(project, facts)
        audit_log.record(by, about_project(project), "added", after={"company": organization.name})
    journal.record("project.added", actor=by.key, project=project.key)
    return project


def change_project(by: User, *, project: Project, facts: Facts, shown: Facts | None = None) -> None:
    """Changes the facts of a project: those of `facts` that differ from `shown`, what the page displayed.

    Requires the right to manage projects. Raises Invalid; Conflict when somebody else changed one of them meanwhile
    (R102).
    """
    access.require_manage(by)
    access.require_open(project)
    with transaction.atomic():
        row = Project.objects.select_for_update(of=("self",)).select_related(*PEOPLE).get(pk=project.pk)
        before, current = _facts_of(row), Facts(**{name: getattr(row, name) for name in Facts.__dataclass_fields__})
        _save_facts(project, merge(shown, facts, current), current)
        audit_log.record(by, about_project(project), "changed", before, _facts_of(project))
    journal.record("project.changed", actor=by.key, project=project.key)


def change_phase(by: User, *, project: Project, phase: Project.Phase) -> None:
    """Moves a project from set-up to live or back; the date and the author are stored (S126, I3)."""
    access.require_manage(by)
    access.require_open(project)
    now = clock.now()
    with transaction.atomic():
        rows = Project.objects.filter(pk=project.pk).exclude(phase=phase)
        if rows.update(phase=phase, phase_changed_at=now, phase_changed_by=by):
            before = {"phase": project.phase_label}
            audit_log.record(by, about_project(project), "phase", before, {"phase": str(phase.label)})
            journal.record("project.phase", actor=by.key, project=project.key, phase=phase.value)
    project.refresh_from_db(fields=["phase", "phase_changed_at", "phase_changed_by"])


def set_archived(by: User, *, project: Project, archived: bool) -> None:
    """Archives a project, which becomes read-only and disappears from lists (S29, R10), or restores it."""
    access.require_manage(by)
    before = {"archived": project.is_archived}
    with transaction.atomic():
        project.archived_at = clock.now() if archived else None
        project.save(update_fields=["archived_at"])
        audit_log.record(by, about_project(project), "changed", before, {"archived": archived})
    journal.record("project.archived" if archived else "project.restored", actor=by.key, project=project.key)


def set_viewers(
    by: User, *, project: Project, keys: set[str], open_to_all: bool = False, seen: set[str] | None = None
) -> None:
    """Replaces the viewers of a project by exactly `keys`; an empty list opens the project to the company.

    For the client project manager and those who manage projects (R7). Raises Invalid for a person who is neither listed
    already nor an active contact of the company, Unconfirmed when an empty list was not confirmed by `open_to_all`
    (R6), Conflict when the list changed since the page displayed it (`seen`: the keys that it held).
    """
    with transaction.atomic():
        current = Project.objects.select_for_update(of=("self",)).select_related("client_manager").get(pk=project.pk)
        access.require_manage_viewers(by, current)
        access.require_open(current)
        listed_by_key = {person.key: person for person in listed_people(current)}
        people_by_key = listed_by_key | {person.key: person for person in colleagues({current.organization_id})}
        if keys - people_by_key.keys():
            raise Invalid({"viewers": [_("Choisissez des personnes de votre société, dans la liste.")]})
        people = [people_by_key[key] for key in sorted(keys)]
        if seen is not None and seen != listed_by_key.keys():
            raise Conflict(_("La liste a changé entre-temps. Relisez ce qui changerait, puis enregistrez."))
        if not people and current.restricted and not open_to_all:
            raise Unconfirmed(
                _("Retirer la dernière personne rend le projet visible de toute la société : confirmez-le.")
            )
        _write_viewers(by, project, list(listed_by_key.values()), people)
        if current.restricted and not people:
            notices.opened_to_all(by, project, f"open:{project.key}:{secrets.token_hex(8)}")
        Project.objects.filter(pk=project.pk).update(restricted=bool(people))
        project.restricted = bool(people)
    journal.record("project.viewers", actor=by.key, project=project.key, viewers=len(people))


def _write_viewers(by: User, project: Project, old_people: list[User], people: list[User]) -> None:
    now = clock.now()
    old_ids, new_ids = ({person.pk for person in group} for group in (old_people, people))
    audit_log.record(
        by, about_project(project), "viewers", {"viewers": _names(old_people)}, {"viewers": _names(people)}
    )
    ViewingRight.objects.filter(project=project, user_id__in=old_ids - new_ids).delete()
    ViewingRight.objects.bulk_create(
        ViewingRight(project=project, user_id=pk, granted_by=by, granted_at=now) for pk in sorted(new_ids - old_ids)
    )


def _names(people: Iterable[User]) -> str:
    return ", ".join(sorted(person.full_name for person in people))


def _facts_of(project: Project) -> audit_log.Values:
    """Returns the facts of a project as the audit log stores them, people by their names."""
    people = {name: getattr(project, name) for name in PEOPLE if name != "organization"}
    names = {name: person.full_name if person else "" for name, person in people.items()}
    plain = {name: getattr(project, name) for name in FACT_FIELDS if name not in {*names, "search_text"}}
    return plain | names


def _save_facts(project: Project, facts: Facts, current: Facts | None = None) -> None:
    """Saves the facts. Whoever holds a place in `current` may keep it, even if they could not be chosen for it now."""
    checked = Input()
    project.name = checked.line("name", facts.name, NAME_MAX, required=True)
    project.search_text = fold_within(project.name, NAME_FOLDED_MAX)
    project.event_date, project.by_batch = facts.event_date, facts.by_batch
    project.remind_days, project.asks_satisfaction = facts.remind_days, facts.asks_satisfaction
    if facts.remind_days is not None and not 1 <= facts.remind_days <= MOST_REMIND_DAYS:
        checked.refuse("remind_days", _("Entre 1 et %(most)d jours.") % {"most": MOST_REMIND_DAYS})
    refusals = {
        "vendor_manager": _("Choisissez un chef de projet de l'équipe."),
        "setup_agent": _("Choisissez un membre de l'équipe."),
        "support": _("Choisissez un membre de l'équipe."),
        "client_manager": _("Choisissez un contact de cette société."),
    }
    for place, refusal in refusals.items():
        person, holder = getattr(facts, place), getattr(current, place, None)
        if person is None:
            may_be = place != "vendor_manager"
        else:
            may_be = person == holder or access.may_hold(place, person, project.organization_id)
        if not may_be:
            checked.refuse(place, refusal)
    project.mail_name = checked.line("mail_name", facts.mail_name, MAIL_NAME_MAX).lower()
    if project.mail_name and not _MAIL_NAME.fullmatch(project.mail_name):
        checked.refuse("mail_name", _("Des lettres sans accent, des chiffres et des tirets, comme salon-paris."))
    elif project.mail_name and Project.objects.filter(mail_name=project.mail_name).exclude(pk=project.pk).exists():
        checked.refuse("mail_name", _("Un autre projet a cette adresse."))
    checked.done()
    project.vendor_manager = facts.vendor_manager  # type: ignore[assignment]
    project.client_manager, project.setup_agent, project.support = (
        facts.client_manager,
        facts.setup_agent,
        facts.support,
    )
    try:
        with transaction.atomic():
            project.save(update_fields=None if project.pk is None else FACT_FIELDS)
    except IntegrityError:
        raise Invalid({"name": [_("Cette société a déjà un projet de ce nom.")]}) from None
