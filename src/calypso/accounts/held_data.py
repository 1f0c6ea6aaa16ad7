"""The personal data that accounts hold, and the mails sent to a person: export and erasure (R130)."""

from typing import Any

from django.utils import translation

from calypso.accounts import audit_log, throttle
from calypso.accounts.access import sessions_for
from calypso.accounts.models import Factor, Membership, RecoveryCode, Session, User
from calypso.accounts.privacy import Erasure, Holding
from calypso.accounts.subjects import visible_among
from calypso.base.erasing import Eraser
from calypso.outbox import maintenance
from calypso.outbox.queries import emails_sent_to, notifications_of

_MAIL_FIELDS = ("kind", "title", "subject", "text", "created_at", "sent_at")
_TEXT_FIELDS = ("title", "subject", "text")


def _export(person: User) -> dict[str, Any]:
    names = ("key", "email", "civility", "first_name", "last_name", "phone", "created_at", "active")
    return {
        "account": {name: getattr(person, name) for name in names} | {"language": person.locale},
        "organizations": list(Membership.objects.filter(user=person).values_list("organization__name", flat=True)),
        "mails": _mails(person),
        "notifications": _notifications(person),
        "notification_preferences": person.notification_preferences,
        "sessions": list(sessions_for(person).values("started_at", "seen_at", "device")),
    }


def _mails(person: User) -> list[dict[str, Any]]:
    """Returns the mails sent to the person, without their texts when about something that the person no longer sees."""
    rows = list(emails_sent_to(person.key).values(*_MAIL_FIELDS, "about"))
    visible = visible_among(person, {row["about"] for row in rows})
    for row in rows:
        if row.pop("about") not in visible:
            for name in _TEXT_FIELDS:
                del row[name]
    return rows


def _notifications(person: User) -> list[dict[str, Any]]:
    rows = list(notifications_of(person.key).values("kind", "title", "created_at", "seen_at", "about"))
    visible = visible_among(person, {row["about"] for row in rows})
    return [{name: value for name, value in row.items() if name != "about"} for row in rows if row["about"] in visible]


def _forms_of_address(person: User) -> list[str]:
    """Returns « Mme NOM » in each language, as mails name a person.

    It is erased from mails only: in other texts it may be somebody else.
    """
    spellings = []
    for language in User.Locale.values:
        with translation.override(language):
            spellings.append(person.addressed)
    return spellings


def _erase(erasure: Erasure) -> None:
    person = erasure.person
    maintenance.forget(person.key, Eraser([*erasure.names, *_forms_of_address(person)]))
    throttle.forget(person.email)
    sessions_for(person).delete()
    for model in (Factor, RecoveryCode, Membership):
        model.objects.filter(user=person).delete()
    audit_log.anonymize_entries(person, erasure.eraser)


ACCOUNTS = Holding(
    export=_export,
    erase=_erase,
    ends=(Session, Factor, RecoveryCode),
    once={Membership: "organization_id"},
)
