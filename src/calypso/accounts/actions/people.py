"""Actions on contacts, team members and companies: adding, correcting, deactivating; and on failed mails."""

import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from calypso.accounts import audit_log, notices
from calypso.accounts.access import may, require, require_manage_account, sessions_for
from calypso.accounts.capabilities import Capability, Role
from calypso.accounts.emails import clean_email, email_key
from calypso.accounts.models import Membership, Organization, User
from calypso.base import clock, journal
from calypso.base.editing import merge, merge_items
from calypso.base.errors import Conflict, Forbidden, Invalid
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import NAME_FOLDED_MAX, NAME_MAX, PHONE_MAX, Unreadable, fold_within
from calypso.base.validation import Input
from calypso.outbox import bounces, maintenance

# The only fields that a correction saves, so that it never undoes a concurrent deactivation or change of password.
_PHONE = re.compile(r"(?=(?:\D*\d){3})[^<>@]+")  # three digits, and what people write beside: a post, who answers
IDENTITY_FIELDS = ["email", "email_key", "first_name", "last_name", "civility", "locale", "phone", "search_text"]


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of a person, as typed."""

    email: str
    first_name: str
    last_name: str
    civility: str = ""
    locale: str = "fr"
    phone: str = ""


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
    """Adds a team member and invites them, with one role at least. For administrators.

    Raises Invalid, naming each field.
    """
    require(by, Capability.MANAGE_TEAM)
    if not (roles := list(roles)):
        raise Invalid({"roles": [_("Choisissez au moins un rôle.")]})
    with transaction.atomic():
        person = _create_person(identity, User.Kind.STAFF, roles)
        audit_log.record(by, audit_log.about_person(person), "added", after={"roles": audit_log.roles_in_words(person)})
        notices.invited(person, f"invite:{secrets.token_hex(8)}")
    journal.record("staff.added", actor=by.key, person=person.key)
    return person


def change_roles(by: User, *, person: User, roles: Iterable[Role], shown: Iterable[Role] | None = None) -> None:
    """Gives a team member these roles, and ends their sessions so that the new rights apply at once (R33).

    With `shown`, the roles that the page showed, only what differs from them changes (R102). For administrators. Raises
    Forbidden for oneself, so that the last administrator remains, and for a client.
    """
    require(by, Capability.MANAGE_TEAM)
    if person.pk == by.pk or person.is_client:
        raise Forbidden
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=person.pk)
        new_roles = merge_items(None if shown is None else set(shown), set(roles), set(locked.roles))
        before = audit_log.roles_in_words(locked)
        for role in Role:
            setattr(locked, f"role_{role.value}", role in new_roles)
        columns = {f"role_{role.value}": role in new_roles for role in Role}
        User.objects.filter(pk=person.pk).update(stamp=F("stamp") + 1, **columns)
        sessions_for(person).delete()
        after = audit_log.roles_in_words(locked)
        audit_log.record(by, audit_log.about_person(person), "changed", {"roles": before}, {"roles": after})
    journal.record("staff.roles", actor=by.key, person=person.key, roles=",".join(sorted(new_roles)))


def add_organization(by: User, *, name: str) -> Organization:
    """Adds a client company. For those who manage clients. Raises Invalid for an empty or existing name."""
    require(by, Capability.MANAGE_CLIENTS)
    with transaction.atomic():
        organization = _create_organization(name, Organization.Kind.CLIENT)
        audit_log.record(by, audit_log.about_organization(organization), "added")
    journal.record("organization.added", actor=by.key, organization=organization.key)
    return organization


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """What the form of a company changes."""

    name: str
    active: bool


def change_organization(
    by: User, *, organization: Organization, name: str, active: bool, shown: OrganizationFacts | None = None
) -> None:
    """Renames, archives or reopens a company. Nothing is visible to the contacts of an archived one.

    Writes what differs from `shown`, the values that the page showed. For those who manage clients. Raises Invalid for
    an empty or existing name; Conflict when somebody else changed the same value meanwhile (R102).
    """
    require(by, Capability.MANAGE_CLIENTS)
    checked = Input()
    clean_name = checked.line("name", name, NAME_MAX, required=True)
    checked.done()
    try:
        with transaction.atomic():
            locked = Organization.objects.select_for_update().get(pk=organization.pk)
            before = audit_log.facts_of_organization(locked)
            current = OrganizationFacts(locked.name, locked.active)
            facts = merge(shown, OrganizationFacts(clean_name, active), current)
            locked.name, locked.active = facts.name, facts.active
            locked.search_text = fold_within(facts.name, NAME_FOLDED_MAX)
            locked.save(update_fields=["name", "active", "search_text"])
            about = audit_log.about_organization(locked)
            audit_log.record(by, about, "changed", before, audit_log.facts_of_organization(locked))
    except IntegrityError:
        raise Invalid({"name": [_("Une société porte déjà ce nom.")]}) from None
    journal.record("organization.changed", actor=by.key, organization=organization.key, active=facts.active)


def invite_contact(by: User, *, organization: Organization, identity: Identity) -> User:
    """Adds a contact to a company and invites them; an existing contact of another company joins this one too (A14).

    For those who keep contacts. Raises Invalid, naming each field.
    """
    require(by, Capability.KEEP_CONTACTS)
    with transaction.atomic():
        account = User.objects.filter(email_key=email_key(identity.email)).first()
        memberships = Membership.objects.filter(user=account, organization=organization)
        if account and (not account.is_client or memberships.filter(active=True).exists()):
            raise Invalid({"email": [_("Cette adresse a déjà un compte.")]})
        person = account or _create_person(identity, User.Kind.CLIENT, [])
        Membership.objects.update_or_create(user=person, organization=organization, defaults={"active": True})
        company = {"company": organization.name}
        audit_log.record(by, audit_log.about_person(person), "joined" if account else "invited", after=company)
        event = f"invite:{secrets.token_hex(8)}"
        if person.has_connected:
            notices.joined(person, organization, event)
        else:
            notices.invited(person, event)
    journal.record("contact.invited", actor=by.key, person=person.key, organization=organization.key)
    return person


def check_identity(*, identity: Identity) -> None:
    """Raises Invalid, naming each field, if no new person can be added with this identity. Writes nothing."""
    _fill(User(), identity)


def resend_invitation(by: User, *, person: User) -> None:
    """Sends a new first-connection link to the stored address (R43). For those who manage the account.

    Raises Conflict when the person has chosen a password, is inactive or was erased.
    """
    require_manage_account(by, person)
    if person.has_connected or not person.active:
        raise Conflict(_("Cette personne s'est déjà connectée, ou son compte est désactivé."))
    with transaction.atomic():
        notices.invited(_lock_person(person), f"invite:{secrets.token_hex(8)}")
    journal.record("contact.invited_again", actor=by.key, person=person.key)


def change_contact(by: User, *, person: User, identity: Identity, shown: Identity | None = None) -> None:
    """Corrects a person: writes what differs between `identity` and `shown`, the values that the page showed.

    A new address ends sessions and links, and the old one is notified (R42); who has not signed in yet is invited
    there again. For those who keep contacts, but for the address of who has signed in, which leads into their account:
    for those who manage clients. For administrators if it is a team member. Raises Invalid; Conflict for an erased
    person, and when somebody else corrected the same value meanwhile (R102, R130).
    """
    if person.is_client:
        require(by, Capability.KEEP_CONTACTS)
    else:
        require_manage_account(by, person)
    with transaction.atomic():
        locked = _lock_person(person)
        moves = email_key(identity.email) != locked.email_key and locked.has_connected
        if moves and not may(by, Capability.MANAGE_CLIENTS):
            message = _("Cette personne s'est déjà identifiée : un chef de projet corrige son adresse.")
            raise Invalid({"email": [message]})
        old_key = locked.email_key
        _change_identity(by, locked, identity, shown)
        if locked.email_key != old_key and not locked.has_connected and locked.active:
            notices.invited(locked, f"invite:{secrets.token_hex(8)}")
    journal.record("contact.changed", actor=by.key, person=person.key)


def change_own_profile(by: User, *, civility: str, first_name: str, last_name: str, locale: str) -> None:
    """Corrects the person's own names and language. Only the team can change the address."""
    identity = Identity(by.email, first_name, last_name, civility, locale, by.phone)
    with transaction.atomic():
        _change_identity(by, by, identity)


def _lock_person(person: User) -> User:
    """Returns the person as stored, locked. Raises Conflict for an erased person, which is final (R130)."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    if locked.is_erased:
        raise Conflict(_("Cette personne a été effacée : rien ne s'y corrige plus."))
    return locked


def set_contact_active(by: User, *, person: User, active: bool) -> None:
    """Deactivates or reactivates a person; sessions, links and access of an inactive person end at once (R8, R9).

    For those who manage the account. Raises Forbidden for oneself, Conflict for an erased person.
    """
    require_manage_account(by, person)
    if person.pk == by.pk:
        raise Forbidden
    with transaction.atomic():
        was_active = _lock_person(person).active
        User.objects.filter(pk=person.pk).update(active=active, stamp=F("stamp") + 1)
        sessions_for(person).delete()
        audit_log.record(by, audit_log.about_person(person), "changed", {"active": was_active}, {"active": active})
    journal.record("contact.activated" if active else "contact.deactivated", actor=by.key, person=person.key)


def retry_email(by: User, *, key: str) -> None:
    """Queues a failed mail again. For those who see the outbox. Raises Conflict for a mail that has not failed."""
    require(by, Capability.SEE_OUTBOX)
    if not maintenance.retry(key):
        raise Conflict(_("Ce message n'est pas en échec."))
    journal.record("mail.retried", actor=by.key, mail=key)


def write_again(by: User, *, person: User) -> None:
    """Sends mails again to the address of a person, to which nothing was sent any more. For those who keep contacts."""
    require(by, Capability.KEEP_CONTACTS)
    with transaction.atomic():
        if bounces.revive(person.email):
            audit_log.record(by, audit_log.about_person(person), "written_again", after={"email": person.email})
    journal.record("mail.address_revived", actor=by.key, person=person.key)


def send_waiting_emails(by: User) -> int:
    """Sends at once the mails that wait for another attempt; returns how many. For those who see the outbox."""
    require(by, Capability.SEE_OUTBOX)
    number = maintenance.send_waiting()
    journal.record("mails.sent_again", actor=by.key, number=number)
    return number


def _create_organization(name: str, kind: Organization.Kind) -> Organization:
    checked = Input()
    clean_name = checked.line("name", name, NAME_MAX, required=True)
    if Organization.objects.filter(name__iexact=clean_name).exists():
        checked.refuse("name", _("Une société porte déjà ce nom."))
    checked.done()
    try:
        with transaction.atomic():
            return Organization.objects.create(
                key=new_key(),
                name=clean_name,
                search_text=fold_within(clean_name, NAME_FOLDED_MAX),
                kind=kind,
                created_at=clock.now(),
            )
    except IntegrityError:  # created by somebody else since the check
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
    except IntegrityError:  # created by somebody else since the check
        raise Invalid({"email": [_("Cette adresse a déjà un compte.")]}) from None
    return person


def _change_identity(by: User, person: User, identity: Identity, shown: Identity | None = None) -> None:
    old_address, before = person.email, audit_log.facts_of_person(person)
    current = Identity(**{name: getattr(person, name) for name in Identity.__dataclass_fields__})
    _fill(person, merge(shown, identity, current))
    person.save(update_fields=IDENTITY_FIELDS)
    audit_log.record(by, audit_log.about_person(person), "changed", before, audit_log.facts_of_person(person))
    if person.email != old_address:
        User.objects.filter(pk=person.pk).update(stamp=F("stamp") + 1)
        sessions_for(person).delete()
        notices.email_changed(person, old_address, clock.now())


def _fill(person: User, identity: Identity) -> None:
    """Sets the fields of the person, once all are valid: a refused correction leaves the person unchanged."""
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
    phone = checked.line("phone", identity.phone, PHONE_MAX)
    if phone and not _PHONE.fullmatch(phone):
        checked.refuse("phone", _("Indiquez un numéro de téléphone, comme 01 23 45 67 89."))
    checked.done()
    person.phone = phone
    person.email, person.email_key = email, key
    person.first_name, person.last_name = first_name, last_name
    person.civility, person.locale = identity.civility, identity.locale
    person.search_text = person.searched_text
