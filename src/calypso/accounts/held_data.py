"""What accounts hold of a person, and the mails sent to them (R130)."""

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

_MAIL = ("kind", "subject", "text", "created_at", "sent_at")
_OTHERS_WORDS = ("subject", "text")


def _export(person: User) -> dict[str, Any]:
    names = ("key", "email", "civility", "first_name", "last_name", "created_at", "active")
    return {
        "account": {name: getattr(person, name) for name in names} | {"language": person.locale},
        "organizations": list(Membership.objects.filter(user=person).values_list("organization__name", flat=True)),
        "mails": _mails(person),
        "notifications": _notifications(person),
        "notification_preferences": person.notification_preferences,
        "sessions": list(sessions_for(person).values("started_at", "seen_at", "device")),
    }


def _mails(person: User) -> list[dict[str, Any]]:
    """The mails that left for the person; of those about what they no longer see, that they left."""
    rows = list(emails_sent_to(person.key).values(*_MAIL, "about"))
    visible = visible_among(person, {row["about"] for row in rows})
    for row in rows:
        if row.pop("about") not in visible:
            for name in _OTHERS_WORDS:
                del row[name]
    return rows


def _notifications(person: User) -> list[dict[str, Any]]:
    rows = list(notifications_of(person.key).values("kind", "title", "created_at", "seen_at", "about"))
    visible = visible_among(person, {row["about"] for row in rows})
    return [{name: value for name, value in row.items() if name != "about"} for row in rows if row["about"] in visible]


def _as_addressed(person: User) -> list[str]:
    """« Mme NOM » in each language, as our mails name a person; not sought in texts, where it may be somebody else."""
    found = []
    for language in User.Locale.values:
        with translation.override(language):
            found.append(person.addressed)
    return found


def _erase(erasure: Erasure) -> None:
    person = erasure.person
    maintenance.forget(person.key, Eraser([*erasure.names, *_as_addressed(person)]))
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
