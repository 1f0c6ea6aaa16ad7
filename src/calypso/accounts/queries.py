"""Reads of people and companies, always for a viewer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from calypso.accounts import access, audit_log, captcha, passwords, throttle
from calypso.accounts.capabilities import Capability
from calypso.accounts.mfa import passkeys, totp
from calypso.accounts.models import (
    ERASED_DOMAIN,
    AuditEntry,
    Factor,
    Membership,
    Organization,
    RecoveryCode,
    Session,
    Team,
    User,
)
from calypso.accounts.sessions import limits
from calypso.base import clock
from calypso.base.chosen import chosen
from calypso.base.errors import NotVisible
from calypso.base.paging import Page, page_of, page_of_list
from calypso.base.process_cache import cached
from calypso.base.searching import holding
from calypso.base.text import fold, is_key
from calypso.internals.compiled_query import CompiledQuery
from calypso.outbox import kinds
from calypso.outbox import queries as outbox
from calypso.outbox.bounces import dead_address
from calypso.outbox.kinds import Choice, Kind
from calypso.outbox.models import DeadAddress, OutgoingEmail
from calypso.outbox.preferences import Mail, Preference, offered, preference_for


def get_organization(viewer: User, key: str) -> Organization:
    """Returns a visible company. Raises NotVisible."""
    organization = access.organizations_for(viewer).filter(key=key).first() if is_key(key) else None
    if organization is None:
        raise NotVisible
    return organization


def get_person(viewer: User, key: str) -> User:
    """Returns a visible person. Raises NotVisible."""
    person = access.people_for(viewer).filter(key=key).first() if is_key(key) else None
    if person is None:
        raise NotVisible
    return person


def client_organizations(viewer: User) -> list[Organization]:
    """Returns the active client companies, by name. For the team."""
    access.require(viewer, Capability.SEE_ALL)
    return list(access.organizations_for(viewer).filter(kind=Organization.Kind.CLIENT, active=True))


MOST_FOUND = 20  # contacts that a search returns at most


def organizations_page(viewer: User, words: str = "", page: int = 1) -> Page[Organization]:
    """Returns the client companies whose name contains the words, by name. For the team.

    Each has its number of active contacts, `contacts`.
    """
    access.require(viewer, Capability.SEE_ALL)
    companies = access.organizations_for(viewer).filter(kind=Organization.Kind.CLIENT)
    organizations = companies.annotate(
        contacts=Count("membership", filter=Q(membership__active=True, membership__user__active=True))
    )
    return page_of(holding(organizations, words).order_by("name"), page, chosen("LIST_PAGE_SIZE"))


def find_contacts(viewer: User, words: str) -> list[User]:
    """Returns the first contacts whose names or address contain the words, by name; none without words.

    For the team.
    """
    access.require(viewer, Capability.SEE_ALL)
    if not words.strip():
        return []
    return list(holding(_contacts(viewer), words)[:MOST_FOUND])


def dead_address_of(viewer: User, person: User) -> DeadAddress | None:
    """Returns why nothing more is sent to a person's address, None when they are written to. For the team."""
    access.require(viewer, Capability.SEE_ALL)
    return dead_address(person.email)


def doubles_of(viewer: User, person: User) -> list[User]:
    """Returns the contacts who may be the same person: same names, or same address at another domain.

    For those who manage clients.
    """
    access.require(viewer, Capability.MANAGE_CLIENTS)
    same_names = Q(search_text__startswith=fold(f"{person.first_name} {person.last_name} "))
    same_mailbox = Q(email_key__startswith=f"{person.email_key.partition('@')[0]}@")
    return list(_contacts(viewer).filter(same_names | same_mailbox).exclude(pk=person.pk)[:MOST_FOUND])


def _contacts(viewer: User) -> QuerySet[User]:
    return access.people_for(viewer).filter(kind=User.Kind.CLIENT).exclude(email__endswith=ERASED_DOMAIN)


def person_to_see(viewer: User, key: str) -> User | None:
    """Returns the active contact that `viewer` may impersonate (R18), None when they may not."""
    if not access.may(viewer, Capability.IMPERSONATE) or not is_key(key):
        return None
    return access.people_for(viewer).filter(key=key, kind=User.Kind.CLIENT, active=True).first()


def changes_of_organization(viewer: User, organization: Organization, page: int) -> Page[AuditEntry]:
    """Returns the history of a company, newest first. For those who manage clients."""
    access.require(viewer, Capability.MANAGE_CLIENTS)
    return page_of(audit_log.entries_about(audit_log.about_organization(organization)), page, chosen("LIST_PAGE_SIZE"))


def changes_of_person(viewer: User, person: User, page: int) -> Page[AuditEntry]:
    """Returns the history of a person, newest first. For those who manage their account."""
    access.require_manage_account(viewer, person)
    return page_of(audit_log.entries_about(audit_log.about_person(person)), page, chosen("LIST_PAGE_SIZE"))


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact of one company; `active` if both the membership and the account are."""

    person: User
    active: bool


CONTACTS_SHOWN = 50


def contacts_of(viewer: User, organization: Organization) -> list[Contact]:
    """Returns the contacts of a company, inactive ones last. For the team."""
    access.require(viewer, Capability.SEE_ALL)
    rows = Membership.objects.filter(organization=organization).select_related("user")
    contacts = [Contact(row.user, row.active and row.user.active) for row in rows]
    return sorted(
        contacts, key=lambda contact: (not contact.active, contact.person.last_name, contact.person.first_name)
    )


def contacts_page(viewer: User, organization: Organization, page: int) -> Page[Contact]:
    """Returns a page of the contacts of a company. Raises as `contacts_of`."""
    return page_of_list(contacts_of(viewer, organization), page, CONTACTS_SHOWN)


def organizations_of(person: User) -> list[Organization]:
    """Returns the companies of a person, by name."""
    return list(Organization.objects.filter(membership__user=person, membership__active=True))


def companies_of(person: User) -> list[str]:
    """Returns the names of the companies of a person, by name."""
    return [organization.name for organization in organizations_of(person)]


def staff_with(capability: Capability) -> list[User]:
    """Returns the active team members who have `capability`, by name, for the selectors of the desk."""
    team = cached("staff", (audit_log.latest_entry(),), _TEAM.fetch)
    return [person for person in team if access.may(person, capability)]


_TEAM = CompiledQuery(lambda: User.objects.filter(kind=User.Kind.STAFF, active=True))


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in browser. `handle` identifies it without being its cookie, which is secret."""

    handle: str
    device: str
    started_at: datetime
    seen_at: datetime
    current: bool


def handle_of(session_key: str) -> str:
    """Returns the public identifier of a session."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:20]


def sessions_page(viewer: User, current_key: str) -> list[OpenSession]:
    """Returns the person's own open sessions, the current one first."""
    is_staff = not viewer.is_client
    is_open = Q()
    for remembered in (True, False):
        idle, life = limits(staff=is_staff, remembered=remembered)
        is_open |= Q(remembered=remembered, seen_at__gt=clock.ago(seconds=idle), started_at__gt=clock.ago(seconds=life))
    rows = access.sessions_for(viewer).filter(is_open, expire_date__gt=clock.now()).order_by("-seen_at")
    open_sessions = [_open_session(row, current_key) for row in rows]
    return sorted(open_sessions, key=lambda session: not session.current)


def _open_session(row: Session, current_key: str) -> OpenSession:
    key = row.session_key
    return OpenSession(handle_of(key), row.device, row.started_at, row.seen_at, key == current_key)


@dataclass(frozen=True, slots=True)
class SecondFactorPage:
    """The second factors of a person, and what adding another takes; None for what cannot be added."""

    proofs: list[Factor]
    codes_left: int
    enrolment: totp.Enrolment | None
    passkey: passkeys.Ceremony | None


def second_factor_page(viewer: User, token: str = "") -> SecondFactorPage:
    """Returns the person's second factors, and what adding another takes.

    `token` is the enrolment of a refused form, shown again.
    """
    factors = list(access.factors_for(viewer))
    has_app = any(factor.kind == Factor.Kind.APP for factor in factors)
    passkey_factors = [factor for factor in factors if factor.kind == Factor.Kind.PASSKEY]
    return SecondFactorPage(
        factors,
        RecoveryCode.objects.filter(user=viewer).count(),
        None if has_app else totp.enrolment_again(viewer, token),
        passkeys.creation(viewer, passkey_factors) if passkeys.are_possible() else None,
    )


@dataclass(frozen=True, slots=True)
class SecondStep:
    """What the second page of sign-in asks for: a code, a passkey or either."""

    asks_code: bool
    passkey: passkeys.Ceremony | None


def second_step(person: User) -> SecondStep:
    """Returns what the second page of sign-in asks of this person, whose password was right."""
    factors = list(access.factors_for(person))
    passkey_factors = [factor for factor in factors if factor.kind == Factor.Kind.PASSKEY]
    ceremony = passkeys.use(person, passkey_factors) if passkey_factors and passkeys.are_possible() else None
    return SecondStep(len(passkey_factors) < len(factors), ceremony)


def team_page(viewer: User) -> list[User]:
    """Returns the vendor's team, inactive members last. For administrators."""
    access.require(viewer, Capability.MANAGE_TEAM)
    return sorted(User.objects.filter(kind=User.Kind.STAFF), key=lambda person: not person.active)


def teams(viewer: User) -> list[Team]:
    """Returns the teams of the vendor by name, each with its number of active members, `size`. For the vendor only."""
    if viewer.is_client:
        raise NotVisible
    return _TEAMS.fetch()


_TEAMS = CompiledQuery(
    lambda: Team.objects.annotate(size=Count("member", filter=Q(member__user__active=True))).order_by("name_key")
)


def get_team(viewer: User, key: str) -> Team:
    """Returns a team. Raises NotVisible, also for clients."""
    team = next((row for row in teams(viewer) if row.key == key), None)
    if team is None:
        raise NotVisible
    return team


def members_of(team: Team) -> list[User]:
    """Returns the active members of a team, by name."""
    return list(User.objects.filter(team_member__team=team, active=True))


def outbox_page(viewer: User, state: str) -> QuerySet[OutgoingEmail]:
    """Returns the mails of the installation, newest first. For those who see the outbox."""
    access.require(viewer, Capability.SEE_OUTBOX)
    return outbox.emails(state=state)


def get_email(viewer: User, key: str) -> OutgoingEmail:
    """Returns a mail of the outbox. Raises NotVisible."""
    email = outbox_page(viewer, "").filter(key=key).first() if is_key(key) else None
    if email is None:
        raise NotVisible
    return email


def account_of_form(signed: str) -> User:
    """Returns the active person to whom a form was shown; `signed` is `<key>.<stamp>`, its signature checked before.

    Raises NotVisible when the account changed since: password, address, roles, activity (R8).
    """
    key, _, stamp = signed.partition(".")
    person = User.objects.filter(key=key, active=True).first()
    if person is None or str(person.stamp) != stamp:
        raise NotVisible
    return person


def login_needs_captcha(network: str) -> bool:
    """Returns whether the sign-in page shows the captcha to this network (decision 20)."""
    return throttle.login_needs_captcha(network)


def captcha_challenge(form: str) -> dict[str, Any]:
    """Returns a new captcha for the form `form`, as the widget reads it."""
    return captcha.challenge(form)


def password_sentence(person: User | None = None) -> str:
    """Returns the password rule in a sentence: the person's, or the one shown to unidentified people (S17)."""
    return (passwords.rule_for(person) if person else passwords.default_rule()).sentence()


def has_accounts() -> bool:
    """Returns whether any account exists, which a fresh installation does not have."""
    return User.objects.exists()


def choosable(viewer: User) -> list[Kind]:
    """Returns the mail kinds for which the person may set preferences, by key."""
    return [kind for kind in kinds.all_kinds() if kind.choice and _concerns(kind.choice, viewer)]


def _concerns(choice: Choice, viewer: User) -> bool:
    return choice.client if viewer.is_client else choice.staff


def choices_page(viewer: User) -> list[tuple[Kind, Preference, list[Mail]]]:
    """Returns each kind with preferences, the person's preference for it, and the mail options on offer."""
    return [(kind, preference_for(kind, viewer.notification_preferences), offered(kind)) for kind in choosable(viewer)]
