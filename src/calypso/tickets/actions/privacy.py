"""Erasing a person: nobody can tell any more who they were, and every thread stays readable (R130)."""

from typing import Any
from urllib.parse import quote_plus

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation

from calypso.accounts import throttle
from calypso.accounts.access import require, sessions_for
from calypso.accounts.capabilities import Capability
from calypso.accounts.changes import forget_changes
from calypso.accounts.models import ERASED_DOMAIN, Factor, Membership, RecoveryCode, User
from calypso.base import journal
from calypso.base.erasing import Eraser, clean_rows
from calypso.base.errors import Conflict
from calypso.base.i18n import gettext as _
from calypso.outbox import upkeep
from calypso.projects.models import Project, ViewingRight
from calypso.tickets import erasures
from calypso.tickets.models import (
    Attachment,
    CannedReply,
    Draft,
    KnownIssue,
    SavedView,
    Ticket,
    TicketEvent,
    TicketWatch,
    TimeEntry,
    Todo,
)
from calypso.tickets.reindexing import holding, reindex, unlearn

_NAME = ("Personne", "effacée")
_TEXTS: dict[Any, tuple[str, ...]] = {
    Ticket: (
        "title",
        "description",
        "page_url",
        "context",
        "priority_reason",
        "last_comment",
        "rd_reference",
        "rd_url",
    ),
    TicketEvent: ("body",),
    Attachment: ("name",),
    KnownIssue: ("title",),
    Todo: ("text",),
    TimeEntry: ("note",),
    SavedView: ("name", "query"),
    CannedReply: ("name", "body"),
}


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
        kept = list(Project.objects.filter(places, archived_at=None).order_by("name").values_list("name", flat=True))
        if kept:
            held_in = _("Cette personne tient encore une place dans un projet en cours, à donner d'abord à une autre :")
            raise Conflict(f"{held_in} {', '.join(kept)}")
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


def _as_addressed(person: User) -> list[str]:
    """« Mme NOM » in each language, as our mails name a person; not sought in texts, where it may be somebody else."""
    found = []
    for language in User.Locale.values:
        with translation.override(language):
            found.append(person.addressed)
    return found


def _forget(person: User) -> None:
    names = [person.full_name, person.sheet_name, quote_plus(person.full_name), person.email]
    eraser = Eraser(names)
    found = holding(names)
    for model, columns in _TEXTS.items():
        clean_rows(model.objects.all(), columns, eraser)
    reindex(found)
    unlearn(names)
    upkeep.forget(person.key, Eraser([*names, *_as_addressed(person)]))
    throttle.forget(person.email)
    sessions_for(person).delete()
    for model in (Factor, RecoveryCode, Membership, ViewingRight):
        model.objects.filter(user=person).delete()
    Draft.objects.filter(owner=person).delete()
    TicketWatch.objects.filter(person=person).delete()
    for kept in (SavedView, CannedReply):
        kept.objects.filter(owner=person, shared=False).delete()
    Ticket.objects.filter(follower=person).update(follower=None)
    address = f"{person.key.lower()}{ERASED_DOMAIN}"
    person.email, person.email_key, person.civility = address, address, ""
    person.first_name, person.last_name = _NAME
    person.search_text = person.searched_text
    forget_changes(person, eraser)
    person.active, person.two_factor, person.password = False, False, make_password(None)
    for role in ("agent", "manager", "support", "rd", "admin"):
        setattr(person, f"role_{role}", False)
    person.stamp = F("stamp") + 1
    person.save()
