"""The history of companies, people and projects: who changed what, when, from what to what (I12).

Actions call `record` in the transaction of the change. Values are stored as a reader understands them: names of people,
and for the fields of `WORDS` the source text of a label, which is translated where it is shown.
"""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Max, QuerySet

from calypso.accounts.capabilities import ROLE_LABELS
from calypso.accounts.models import AuditEntry, Organization, User
from calypso.base import clock
from calypso.base.catalogue import gettext_noop
from calypso.base.erasing import Eraser, clean_rows

ACTS: dict[str, str] = {
    "added": gettext_noop("Ajout"),
    "changed": gettext_noop("Modification"),
    "invited": gettext_noop("Invitation"),
    "written_again": gettext_noop("Adresse réessayée"),
    "joined": gettext_noop("Entrée dans une société"),
    "left": gettext_noop("Sortie d'une société"),
    "merged": gettext_noop("Réunion de deux comptes"),
    "factors": gettext_noop("Double authentification retirée par l'équipe"),
    "seen_as": gettext_noop("Extranet consulté à sa place"),
    "phase": gettext_noop("Changement de phase"),
    "viewers": gettext_noop("Droits de visualisation"),
}
FIELDS: dict[str, str] = {
    "name": gettext_noop("Nom"),
    "active": gettext_noop("Actif"),
    "email": gettext_noop("Adresse e-mail"),
    "first_name": gettext_noop("Prénom"),
    "last_name": gettext_noop("Nom"),
    "civility": gettext_noop("Civilité"),
    "phone": gettext_noop("Téléphone"),
    "locale": gettext_noop("Langue"),
    "roles": gettext_noop("Rôles"),
    "company": gettext_noop("Société"),
    "account": gettext_noop("Compte"),
    "event_date": gettext_noop("Date évènement"),
    "vendor_manager": gettext_noop("Chef de projet"),
    "client_manager": gettext_noop("Chef de projet client"),
    "setup_agent": gettext_noop("Paramétrage"),
    "support": gettext_noop("Support"),
    "by_batch": gettext_noop("Annonce par lots"),
    "remind_days": gettext_noop("Relance après (jours ouvrés)"),
    "asks_satisfaction": gettext_noop("Question de satisfaction"),
    "mail_name": gettext_noop("Adresse du projet"),
    "phase": gettext_noop("Phase"),
    "viewers": gettext_noop("Personnes autorisées"),
    "archived": gettext_noop("Archivé"),
}
YES, NO = gettext_noop("oui"), gettext_noop("non")
# Fields whose values are source texts to translate, and the field whose values are dates. Others are shown as stored.
WORDS = {"active", "by_batch", "asks_satisfaction", "archived", "phase", "roles"}
DAYS = frozenset({"event_date"})

type Values = Mapping[str, object]


def declare_fields(labels: Mapping[str, str], words: Collection[str] = ()) -> None:
    """Names the fields that another room records, in French, and those whose values are source texts.

    Called when the applications are ready.
    """
    FIELDS.update(labels)
    WORDS.update(words)


def latest_entry() -> int:
    """Returns the id of the newest entry, 0 without any; rights that were read are read again when it grows."""
    return AuditEntry.objects.aggregate(latest=Max("pk"))["latest"] or 0


def record(by: User, about: str, act: str, before: Values | None = None, after: Values | None = None) -> None:
    """Stores what `by` did to `about`: a row for each value that differs, or one row when no values are given.

    Must be called in the transaction of the change. Values that did not change add no row.
    """
    old, new = before or {}, after or {}
    differences = [
        (name, _text(old.get(name)), _text(new.get(name)))
        for name in dict.fromkeys([*old, *new])
        if _text(old.get(name)) != _text(new.get(name))
    ]
    if not differences and (old or new):
        return
    now = clock.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(about=about, act=act, field=name, before=old_text, after=new_text, actor=by, at=now)
        for name, old_text, new_text in differences or [("", "", "")]
    )


def entries_about(about: str) -> QuerySet[AuditEntry]:
    """Returns the entries of one company, person or project, newest first."""
    return AuditEntry.objects.filter(about=about).select_related("actor").order_by("-id")


def anonymize_entries(person: User, eraser: Eraser) -> None:
    """Deletes the entries about an erased person, and removes their name from the other entries (R130)."""
    AuditEntry.objects.filter(about=about_person(person)).delete()
    clean_rows(AuditEntry.objects.all(), ("before", "after"), eraser)


def about_organization(organization: Organization) -> str:
    """Returns the value of `AuditEntry.about` for a company."""
    return f"organization:{organization.key}"


def about_person(person: User) -> str:
    """Returns the value of `AuditEntry.about` for a person."""
    return f"person:{person.key}"


def facts_of_organization(organization: Organization) -> Values:
    """Returns the recorded values of a company, by field."""
    return {"name": organization.name, "active": organization.active}


def facts_of_person(person: User) -> Values:
    """Returns the recorded values of a person's identity, by field."""
    return {
        "email": person.email,
        "civility": person.civility,
        "phone": person.phone,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "locale": person.get_locale_display(),
    }


def roles_in_words(person: User) -> str:
    """Returns the roles of a team member, as the source text of their labels."""
    return ", ".join(ROLE_LABELS[role] for role in person.roles)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
