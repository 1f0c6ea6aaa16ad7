"""Erasing a person: nobody can tell any more who they were, and every thread stays readable (R130)."""

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from calypso.accounts import throttle
from calypso.accounts.access import require, sessions_for
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import ERASED_DOMAIN, Factor, Membership, RecoveryCode, User
from calypso.base import journal
from calypso.base.errors import Conflict
from calypso.base.i18n import gettext as _
from calypso.base.text import fold
from calypso.outbox import upkeep
from calypso.outbox.upkeep import ERASED
from calypso.projects.models import Project, ViewingRight
from calypso.tickets import erasures
from calypso.tickets.models import Draft, Ticket, TicketEvent

_NAME = ("Personne", "effacée")
_TICKET_TEXTS = ("title", "description", "page_url", "context", "priority_reason", "last_comment")


def erase_person(by: User, *, person: User) -> None:
    """Makes a deactivated person unknown: name, address, sessions, proofs, drafts, mails; their name in the texts too.

    For who manages the team. Raises Conflict for a person who is still active, or who still leads or serves a project
    in course: somebody must first take their place.
    """
    require(by, Capability.MANAGE_TEAM)
    with transaction.atomic():
        held = User.objects.select_for_update().get(pk=person.pk)
        if held.active:
            raise Conflict(_("Désactivez d'abord ce compte : l'effacement est sans retour."))
        places = Q(client_manager=held) | Q(vendor_manager=held) | Q(setup_agent=held) | Q(support=held)
        if Project.objects.filter(places, archived_at=None).exists():
            raise Conflict(
                _("Cette personne tient encore une place dans un projet en cours : donnez-la d'abord à une autre.")
            )
        _forget(held)
        erasures.note(held.key)
    journal.record("person.erased", actor=by.key, person=person.key)


def erase_again() -> int:
    """Erases those whom the ledger names, after a copy older than their erasure came back; returns how many."""
    again = User.objects.filter(key__in=erasures.noted()).exclude(email__endswith=ERASED_DOMAIN)
    for person in again:
        with transaction.atomic():
            _forget(person)
    return len(again)


def _forget(person: User) -> None:
    words = [person.full_name, f"{person.first_name} {person.last_name}", person.email]
    for word in words:
        _rewrite(word)
    upkeep.forget(person.key, words)
    throttle.forget(person.email)
    sessions_for(person).delete()
    for model in (Factor, RecoveryCode, Membership, ViewingRight):
        model.objects.filter(user=person).delete()
    Draft.objects.filter(owner=person).delete()
    Ticket.objects.filter(follower=person).update(follower=None)
    address = f"{person.key.lower()}{ERASED_DOMAIN}"
    person.email, person.email_key, person.civility = address, address, ""
    person.first_name, person.last_name = _NAME
    person.active, person.two_factor, person.password = False, False, make_password(None)
    for role in ("agent", "manager", "support", "rd", "admin"):
        setattr(person, f"role_{role}", False)
    person.stamp = F("stamp") + 1
    person.save()


def _rewrite(word: str) -> None:
    """Takes one name or address out of what everybody wrote."""
    for field in _TICKET_TEXTS:
        rows = Ticket.objects.filter(**{f"{field}__contains": word})
        rows.update(**{field: Replace(field, Value(word), Value(ERASED))})
    folded = fold(word)
    Ticket.objects.filter(search_text__contains=folded).update(
        search_text=Replace("search_text", Value(folded), Value(""))
    )
    TicketEvent.objects.filter(body__contains=word).update(body=Replace("body", Value(word), Value(ERASED)))
