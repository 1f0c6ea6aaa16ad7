"""« Voir comme »: a team member sees the extranet as a contact does, which is recorded (R18)."""

from django.db import transaction

from calypso.accounts import audit_log
from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.accounts.queries import person_to_see
from calypso.base import journal
from calypso.base.errors import Conflict
from calypso.base.i18n import gettext as _


def impersonate(by: User, *, person: User) -> None:
    """Records that `by` starts to see the extranet as `person` does. For those who may impersonate.

    Raises Conflict unless `person` is an active contact.
    """
    require(by, Capability.IMPERSONATE)
    if person_to_see(by, person.key) is None:
        raise Conflict(_("On ne voit l'extranet qu'à la place d'un contact actif."))
    with transaction.atomic():
        audit_log.record(by, audit_log.about_person(person), "seen_as")
    journal.record("seen_as.started", actor=by.key, person=person.key)


def end_impersonation(by: User) -> None:
    """Records in the journal that the impersonation ended."""
    journal.record("seen_as.ended", actor=by.key)
