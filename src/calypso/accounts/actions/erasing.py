"""The erasure of a person: nobody can tell any more who they were, and every thread stays readable (R130)."""

from urllib.parse import quote_plus

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from calypso.accounts import erasures
from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import ERASED_DOMAIN, User
from calypso.accounts.privacy import Erasure, holdings
from calypso.base import journal
from calypso.base.erasing import Eraser, clean_rows
from calypso.base.errors import Conflict
from calypso.base.i18n import gettext as _

_NAME = ("Personne", "effacée")


def erase_person(by: User, *, person: User) -> None:
    """Erases a deactivated person: name, address, sessions, factors, drafts and mails, and their name in texts.

    For those who manage the team. Raises Conflict for a person who is still active, or whom a room still needs.
    """
    require(by, Capability.MANAGE_TEAM)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=person.pk)
        if locked.active:
            raise Conflict(_("Désactivez d'abord ce compte : l'effacement est sans retour."))
        for holding in holdings():
            holding.refuse_erasure(locked)
        _erase(locked)
        erasures.note(locked.key)
    journal.record("person.erased", actor=by.key, person=person.key)


def erase_again() -> int:
    """Erases the people of the ledger who are in the database again; returns how many.

    They are when a copy older than their erasure was restored.
    """
    people = User.objects.filter(key__in=erasures.noted()).exclude(email__endswith=ERASED_DOMAIN)
    for person in people:
        with transaction.atomic():
            _erase(person)
    return len(people)


def _erase(person: User) -> None:
    names = [person.full_name, person.sheet_name, quote_plus(person.full_name), person.email]
    erasure = Erasure(person, names, Eraser(names))
    for holding in holdings():
        for model, columns in holding.texts.items():
            clean_rows(model._default_manager.all(), columns, erasure.eraser)
    for holding in holdings():
        holding.erase(erasure)
    address = f"{person.key.lower()}{ERASED_DOMAIN}"
    person.email, person.email_key, person.civility, person.phone = address, address, "", ""
    person.first_name, person.last_name = _NAME
    person.search_text = person.searched_text
    person.active, person.two_factor, person.password = False, False, make_password(None)
    for role in ("agent", "manager", "support", "rd", "admin"):
        setattr(person, f"role_{role}", False)
    person.stamp = F("stamp") + 1
    person.save()
