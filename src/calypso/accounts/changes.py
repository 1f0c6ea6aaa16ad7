"""The history of companies, people and projects: who changed what, when, from what to what (I12).

Actions call `keep` in the transaction of the change. Values are kept as a reader understands them: names of people,
and for the fields of `WORDS` the source of a label, which is translated where it is shown.
"""

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet

from calypso.accounts.capabilities import ROLE_LABELS
from calypso.accounts.models import Change, Organization, User
from calypso.base import clock
from calypso.base.erasing import Eraser, clean_rows
from calypso.base.marks import mark
from calypso.base.prepared import Prepared

ACTS: dict[str, str] = {
    "added": mark("Ajout"),
    "changed": mark("Modification"),
    "invited": mark("Invitation"),
    "joined": mark("Entrée dans une société"),
    "left": mark("Sortie d'une société"),
    "merged": mark("Réunion de deux comptes"),
    "factors": mark("Double authentification retirée par l'équipe"),
    "seen_as": mark("Extranet consulté à sa place"),
    "phase": mark("Changement de phase"),
    "viewers": mark("Droits de visualisation"),
}
FIELDS: dict[str, str] = {
    "name": mark("Nom"),
    "active": mark("Actif"),
    "email": mark("Adresse e-mail"),
    "first_name": mark("Prénom"),
    "last_name": mark("Nom"),
    "civility": mark("Civilité"),
    "locale": mark("Langue"),
    "roles": mark("Rôles"),
    "company": mark("Société"),
    "account": mark("Compte"),
    "event_date": mark("Date évènement"),
    "vendor_manager": mark("Chef de projet"),
    "client_manager": mark("Chef de projet client"),
    "setup_agent": mark("Paramétrage"),
    "support": mark("Support"),
    "by_batch": mark("Annonce par lots"),
    "remind_days": mark("Relance après (jours ouvrés)"),
    "asks_satisfaction": mark("Question de satisfaction"),
    "phase": mark("Phase"),
    "viewers": mark("Personnes autorisées"),
    "archived": mark("Archivé"),
}
YES, NO = mark("oui"), mark("non")
# The fields whose values are words of ours, and the one that holds days: the others are texts that people typed.
WORDS = frozenset({"active", "by_batch", "asks_satisfaction", "archived", "phase", "roles"})
DAYS = frozenset({"event_date"})

type Values = Mapping[str, object]


def latest_change() -> int:
    """The number of the newest change: who follows rights looks at them again when it grows. 0 without any."""
    return _LATEST.one() or 0


_LATEST = Prepared(lambda: Change.objects.order_by("-pk").values_list("pk", flat=True)[:1])


def keep(by: User, about: str, act: str, before: Values | None = None, after: Values | None = None) -> None:
    """Keeps what `by` did to the thing `about`: a row for each value that differs, or one row without values.

    Within the transaction of the change. Values that did not change leave no trace.
    """
    old, new = before or {}, after or {}
    facts = [
        (name, _text(old.get(name)), _text(new.get(name)))
        for name in dict.fromkeys([*old, *new])
        if _text(old.get(name)) != _text(new.get(name))
    ]
    if not facts and (old or new):
        return
    now = clock.now()
    Change.objects.bulk_create(
        Change(about=about, act=act, field=name, before=was, after=is_now, actor=by, at=now)
        for name, was, is_now in facts or [("", "", "")]
    )


def history_of(about: str) -> QuerySet[Change]:
    """What was done to the thing, newest first."""
    return Change.objects.filter(about=about).select_related("actor").order_by("-id")


def forget_changes(person: User, eraser: Eraser) -> None:
    """Removes the history of an erased person, and takes their name out of the others' (R130)."""
    Change.objects.filter(about=about_person(person)).delete()
    clean_rows(Change.objects.all(), ("before", "after"), eraser)


def about_organization(organization: Organization) -> str:
    """How the history names a company."""
    return f"organization:{organization.key}"


def about_person(person: User) -> str:
    """How the history names a person."""
    return f"person:{person.key}"


def facts_of_organization(organization: Organization) -> Values:
    """What a change of a company may change."""
    return {"name": organization.name, "active": organization.active}


def facts_of_person(person: User) -> Values:
    """What a correction of a person may change."""
    return {
        "email": person.email,
        "civility": person.civility,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "locale": person.get_locale_display(),
    }


def roles_in_words(person: User) -> str:
    """The staff roles of a person, as the source of their labels."""
    return ", ".join(ROLE_LABELS[role] for role in person.roles)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
