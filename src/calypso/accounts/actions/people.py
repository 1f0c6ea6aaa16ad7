"""Contacts, the team and companies: who exists, and who still does."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from calypso.accounts import audit_log, notices
from calypso.accounts.access import require, require_manage_account, sessions_for
from calypso.accounts.capabilities import Capability, Role
from calypso.accounts.emails import clean_email, email_key
from calypso.accounts.models import Membership, Organization, User
from calypso.base import clock, journal
from calypso.base.editing import merge
from calypso.base.errors import Conflict, Forbidden, Invalid
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import NAME_FOLDED_MAX, NAME_MAX, Unreadable, fold_within
from calypso.base.validation import Input
from calypso.outbox import maintenance

# What an identity writes, and nothing else: a correction never undoes a deactivation or a password of meanwhile.
IDENTITY_FIELDS = ["email", "email_key", "first_name", "last_name", "civility", "locale", "search_text"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is, as typed."""

    email: str
    first_name: str
    last_name: str
    civility: str = ""
    locale: str = "fr"


def install(*, vendor: str, identity: Identity) -> User:
    """Creates the provider and its first administrator, who then asks for a link (R45). For the command line only.

    Raises Conflict when an account exists already, Invalid for bad values.
    """
    if User.objects.exists():
        raise Conflict(_("L'installation a déjà des comptes."))
    with transaction.atomic():
        _create_organization(vendor, Organization.Kind.PROVIDER)
        person = _create_person(identity, User.Kind.STAFF, [Role.ADMIN])
    journal.record("install", actor=person.key)
    return person


def add_staff(by: User, *, identity: Identity, roles: Iterable[Role]) -> User:
    """Adds a member of the team and invites them. For administrators."""
    require(by, Capability.MANAGE_TEAM)
    with transaction.atomic():
        person = _create_person(identity, User.Kind.STAFF, roles)
        audit_log.record(by, audit_log.about_person(person), "added", after={"roles": audit_log.roles_in_words(person)})
        notices.invited(person, f"invite:{secrets.token_hex(8)}")
    journal.record("staff.added", actor=by.key, person=person.key)
    return person


def change_roles(by: User, *, person: User, roles: Iterable[Role]) -> None:
    """Gives a member of the team exactly these roles; their sessions end, so that the new rights start afresh (R33).

    For administrators, about anybody but themself (Forbidden): an installation keeps its last one.
    """
    require(by, Capability.MANAGE_TEAM)
    if person.pk == by.pk or person.is_client:
        raise Forbidden
    held = set(roles)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=person.pk)
        before = audit_log.roles_in_words(locked)
        for role in Role:
            setattr(locked, f"role_{role.value}", role in held)
        columns = {f"role_{role.value}": role in held for role in Role}
        User.objects.filter(pk=person.pk).update(stamp=F("stamp") + 1, **columns)
        sessions_for(person).delete()
        after = audit_log.roles_in_words(locked)
        audit_log.record(by, audit_log.about_person(person), "changed", {"roles": before}, {"roles": after})
    journal.record("staff.roles", actor=by.key, person=person.key, roles=",".join(sorted(held)))


def add_organization(by: User, *, name: str) -> Organization:
    """Adds a client company. For those who manage clients. Raises Invalid for an empty or known name."""
    require(by, Capability.MANAGE_CLIENTS)
    with transaction.atomic():
        organization = _create_organization(name, Organization.Kind.CLIENT)
        audit_log.record(by, audit_log.about_organization(organization), "added")
    journal.record("organization.added", actor=by.key, organization=organization.key)
    return organization


def change_organization(by: User, *, organization: Organization, name: str, active: bool) -> None:
    """Renames, archives or reopens a client company; an archived one shows nothing to its contacts."""
    require(by, Capability.MANAGE_CLIENTS)
    checked = Input()
    clean = checked.line("name", name, NAME_MAX, required=True)
    checked.done()
    try:
        with transaction.atomic():
            locked = Organization.objects.select_for_update().get(pk=organization.pk)
            before = audit_log.facts_of_organization(locked)
            locked.name, locked.active, locked.search_text = clean, active, fold_within(clean, NAME_FOLDED_MAX)
            locked.save(update_fields=["name", "active", "search_text"])
            about = audit_log.about_organization(locked)
            audit_log.record(by, about, "changed", before, audit_log.facts_of_organization(locked))
    except IntegrityError:
        raise Invalid({"name": [_("Une société porte déjà ce nom.")]}) from None
    journal.record("organization.changed", actor=by.key, organization=organization.key, active=active)


def invite_contact(by: User, *, organization: Organization, identity: Identity) -> User:
    """Adds a contact to a company and invites them; a known contact of another company joins this one too (A14).

    For those who manage clients. Raises Invalid, naming each field.
    """
    require(by, Capability.MANAGE_CLIENTS)
    with transaction.atomic():
        known = User.objects.filter(email_key=email_key(identity.email)).first()
        here = Membership.objects.filter(user=known, organization=organization)
        if known and (not known.is_client or here.filter(active=True).exists()):
            raise Invalid({"email": [_("Cette adresse a déjà un compte.")]})
        person = known or _create_person(identity, User.Kind.CLIENT, [])
        Membership.objects.update_or_create(user=person, organization=organization, defaults={"active": True})
        company = {"company": organization.name}
        audit_log.record(by, audit_log.about_person(person), "joined" if known else "invited", after=company)
        event = f"invite:{secrets.token_hex(8)}"
        if person.has_connected:
            notices.joined(person, organization, event)
        else:
            notices.invited(person, event)
    journal.record("contact.invited", actor=by.key, person=person.key, organization=organization.key)
    return person


def check_identity(*, identity: Identity) -> None:
    """Raises Invalid, naming each field, when nobody new could be added with this identity. Writes nothing."""
    _fill(User(), identity)


def resend_invitation(by: User, *, person: User) -> None:
    """Sends a fresh first-connection link to the stored address (R43). Raises Conflict once a password was chosen."""
    require_manage_account(by, person)
    if person.has_connected or not person.active:
        raise Conflict(_("Cette personne s'est déjà connectée, ou son compte est désactivé."))
    with transaction.atomic():
        notices.invited(_held(person), f"invite:{secrets.token_hex(8)}")
    journal.record("contact.invited_again", actor=by.key, person=person.key)


def change_contact(by: User, *, person: User, identity: Identity, shown: Identity | None = None) -> None:
    """Corrects a contact: what of `identity` differs from `shown`, which the page showed.

    A new address ends sessions and links, and the old one is told (R42). For those who manage clients; the team's own
    accounts are the administrators'. Raises Invalid; Conflict for somebody who was erased, and when somebody else
    corrected the same thing meanwhile (R102, R130).
    """
    require_manage_account(by, person)
    with transaction.atomic():
        _change_identity(by, _held(person), identity, shown)
    journal.record("contact.changed", actor=by.key, person=person.key)


def change_own_profile(by: User, *, civility: str, first_name: str, last_name: str, locale: str) -> None:
    """Corrects one's own names and language; the address is changed by the team only."""
    identity = Identity(by.email, first_name, last_name, civility, locale)
    with transaction.atomic():
        _change_identity(by, by, identity)


def _held(person: User) -> User:
    """The person as they are now, their row taken. Raises Conflict once they were erased: that is for good (R130)."""
    held = User.objects.select_for_update().get(pk=person.pk)
    if held.is_erased:
        raise Conflict(_("Cette personne a été effacée : rien ne s'y corrige plus."))
    return held


def set_contact_active(by: User, *, person: User, active: bool) -> None:
    """Deactivates or reactivates a person. A deactivated one loses sessions, links and sight at once (R8, R9).

    Nobody deactivates themself (Forbidden). Raises Conflict for somebody who was erased.
    """
    require_manage_account(by, person)
    if person.pk == by.pk:
        raise Forbidden
    with transaction.atomic():
        was = _held(person).active
        User.objects.filter(pk=person.pk).update(active=active, stamp=F("stamp") + 1)
        sessions_for(person).delete()
        audit_log.record(by, audit_log.about_person(person), "changed", {"active": was}, {"active": active})
    journal.record("contact.activated" if active else "contact.deactivated", actor=by.key, person=person.key)


def retry_email(by: User, *, key: str) -> None:
    """Puts a mail that failed back in the queue. Raises Conflict when it is not a failed one."""
    require(by, Capability.SEE_OUTBOX)
    if not maintenance.retry(key):
        raise Conflict(_("Ce message n'est pas en échec."))
    journal.record("mail.retried", actor=by.key, mail=key)


def send_waiting_emails(by: User) -> int:
    """Has every message that waits to be tried again leave now; returns how many. For those who see the outbox."""
    require(by, Capability.SEE_OUTBOX)
    number = maintenance.send_waiting()
    journal.record("mails.sent_again", actor=by.key, number=number)
    return number


def _create_organization(name: str, kind: Organization.Kind) -> Organization:
    checked = Input()
    clean = checked.line("name", name, NAME_MAX, required=True)
    if Organization.objects.filter(name__iexact=clean).exists():
        checked.refuse("name", _("Une société porte déjà ce nom."))
    checked.done()
    try:
        with transaction.atomic():
            return Organization.objects.create(
                key=new_key(),
                name=clean,
                search_text=fold_within(clean, NAME_FOLDED_MAX),
                kind=kind,
                created_at=clock.now(),
            )
    except IntegrityError:  # created by somebody else since we looked
        raise Invalid({"name": [_("Une société porte déjà ce nom.")]}) from None


def _create_person(identity: Identity, kind: User.Kind, roles: Iterable[Role]) -> User:
    person = User(
        key=new_key(),
        kind=kind,
        password=make_password(None),
        created_at=clock.now(),
        **{f"role_{role.value}": True for role in roles},
    )
    _fill(person, identity)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # created by somebody else since we looked
        raise Invalid({"email": [_("Cette adresse a déjà un compte.")]}) from None
    return person


def _change_identity(by: User, person: User, identity: Identity, shown: Identity | None = None) -> None:
    old, before = person.email, audit_log.facts_of_person(person)
    current = Identity(**{name: getattr(person, name) for name in Identity.__dataclass_fields__})
    _fill(person, merge(shown, identity, current))
    person.save(update_fields=IDENTITY_FIELDS)
    audit_log.record(by, audit_log.about_person(person), "changed", before, audit_log.facts_of_person(person))
    if person.email != old:
        User.objects.filter(pk=person.pk).update(stamp=F("stamp") + 1)
        sessions_for(person).delete()
        notices.email_changed(person, old, clock.now())


def _fill(person: User, identity: Identity) -> None:
    """Checks everything, then fills: a refused correction leaves the person as they were."""
    checked = Input()
    email = key = ""
    with suppress(ValidationError, Unreadable):
        email = clean_email(identity.email)
        key = email_key(email)
    if not key:
        checked.refuse("email", _("Indiquez une adresse e-mail valide."))
    elif User.objects.filter(email_key=key).exclude(pk=person.pk).exists():
        checked.refuse("email", _("Cette adresse a déjà un compte."))
    first_name = checked.line("first_name", identity.first_name, NAME_MAX, required=True)
    last_name = checked.line("last_name", identity.last_name, NAME_MAX, required=True)
    if identity.civility not in User.Civility.values:
        checked.refuse("civility", _("Choisissez une civilité de la liste."))
    if identity.locale not in User.Locale.values:
        checked.refuse("locale", _("Choisissez une langue de la liste."))
    checked.done()
    person.email, person.email_key = email, key
    person.first_name, person.last_name = first_name, last_name
    person.civility, person.locale = identity.civility, identity.locale
    person.search_text = person.searched_text
