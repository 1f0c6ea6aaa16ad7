"""Reads about people and companies, always for a viewer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
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
from calypso.base.errors import NotVisible
from calypso.base.paging import Page, page_of
from calypso.base.process_cache import cached
from calypso.base.searching import holding
from calypso.base.text import fold, is_key
from calypso.internals.compiled_query import CompiledQuery
from calypso.outbox import kinds
from calypso.outbox import queries as outbox
from calypso.outbox.kinds import Choice, Kind
from calypso.outbox.models import OutgoingEmail
from calypso.outbox.preferences import Mail, Preference, offered, preference_for


def get_organization(viewer: User, key: str) -> Organization:
    """One company. Raises NotVisible."""
    found = access.organizations_for(viewer).filter(key=key).first() if is_key(key) else None
    if found is None:
        raise NotVisible
    return found


def get_person(viewer: User, key: str) -> User:
    """One person. Raises NotVisible."""
    found = access.people_for(viewer).filter(key=key).first() if is_key(key) else None
    if found is None:
        raise NotVisible
    return found


def client_organizations(viewer: User) -> list[Organization]:
    """The active client companies, by name. For the team."""
    access.require(viewer, Capability.SEE_ALL)
    return list(access.organizations_for(viewer).filter(kind=Organization.Kind.CLIENT, active=True))


MOST_FOUND = 20  # contacts that a search shows: beyond, more words narrow it


def organizations_page(viewer: User, words: str = "", page: int = 1) -> Page[Organization]:
    """The client companies whose name holds the words, with their number of active contacts, by name. For the team."""
    access.require(viewer, Capability.SEE_ALL)
    rows = access.organizations_for(viewer).filter(kind=Organization.Kind.CLIENT)
    counted = rows.annotate(
        contacts=Count("membership", filter=Q(membership__active=True, membership__user__active=True))
    )
    return page_of(holding(counted, words).order_by("name"), page, settings.LIST_PAGE_SIZE)


def find_contacts(viewer: User, words: str) -> list[User]:
    """The first contacts whose names or address hold the words, by name; nobody without words. For the team."""
    access.require(viewer, Capability.SEE_ALL)
    if not words.strip():
        return []
    return list(holding(_contacts(viewer), words)[:MOST_FOUND])


def doubles_of(viewer: User, person: User) -> list[User]:
    """The contacts who look like the same person: the same names, or the same address at another domain.

    For those who manage clients.
    """
    access.require(viewer, Capability.MANAGE_CLIENTS)
    named = Q(search_text__startswith=fold(f"{person.first_name} {person.last_name} "))
    addressed = Q(email_key__startswith=f"{person.email_key.partition('@')[0]}@")
    return list(_contacts(viewer).filter(named | addressed).exclude(pk=person.pk)[:MOST_FOUND])


def _contacts(viewer: User) -> QuerySet[User]:
    return access.people_for(viewer).filter(kind=User.Kind.CLIENT).exclude(email__endswith=ERASED_DOMAIN)


def person_to_see(viewer: User, key: str) -> User | None:
    """The active contact with whose eyes the person may look now (R18); None when they may not."""
    if not access.may(viewer, Capability.IMPERSONATE) or not is_key(key):
        return None
    return access.people_for(viewer).filter(key=key, kind=User.Kind.CLIENT, active=True).first()


def changes_of_organization(viewer: User, organization: Organization, page: int) -> Page[AuditEntry]:
    """What was changed in a company, newest first. For those who manage clients."""
    access.require(viewer, Capability.MANAGE_CLIENTS)
    return page_of(audit_log.entries_about(audit_log.about_organization(organization)), page, settings.LIST_PAGE_SIZE)


def changes_of_person(viewer: User, person: User, page: int) -> Page[AuditEntry]:
    """What was changed about a person, newest first. For those who look after their account."""
    access.require_manage_account(viewer, person)
    return page_of(audit_log.entries_about(audit_log.about_person(person)), page, settings.LIST_PAGE_SIZE)


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as the desk lists them, with the company they were looked up under."""

    person: User
    active: bool


def contacts_page(viewer: User, organization: Organization) -> list[Contact]:
    """The contacts of one company, inactive ones last. For the team."""
    access.require(viewer, Capability.SEE_ALL)
    rows = Membership.objects.filter(organization=organization).select_related("user")
    contacts = [Contact(row.user, row.active and row.user.active) for row in rows]
    return sorted(
        contacts, key=lambda contact: (not contact.active, contact.person.last_name, contact.person.first_name)
    )


def organizations_of(person: User) -> list[Organization]:
    """The companies a person belongs to, by name."""
    return list(Organization.objects.filter(membership__user=person, membership__active=True))


def companies_of(person: User) -> list[str]:
    """The names of the companies a person belongs to, by name."""
    return [organization.name for organization in organizations_of(person)]


def staff_with(capability: Capability) -> list[User]:
    """The active members of the team who have `capability`, by name: the choices of a selector of the desk."""
    team = cached("staff", (audit_log.latest_entry(),), _TEAM.fetch)
    return [person for person in team if access.may(person, capability)]


_TEAM = CompiledQuery(lambda: User.objects.filter(kind=User.Kind.STAFF, active=True))


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A signed-in browser. `handle` names it without being the secret that is its cookie."""

    handle: str
    device: str
    started_at: datetime
    seen_at: datetime
    current: bool


def handle_of(session_key: str) -> str:
    """A public name for a session."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:20]


def sessions_page(viewer: User, current_key: str) -> list[OpenSession]:
    """The person's own open sessions, the present one first."""
    staff = not viewer.is_client
    alive = Q()
    for remembered in (True, False):
        idle, life = limits(staff=staff, remembered=remembered)
        alive |= Q(remembered=remembered, seen_at__gt=clock.ago(seconds=idle), started_at__gt=clock.ago(seconds=life))
    rows = access.sessions_for(viewer).filter(alive, expire_date__gt=clock.now()).order_by("-seen_at")
    found = [_open_session(row, current_key) for row in rows]
    return sorted(found, key=lambda session: not session.current)


def _open_session(row: Session, current_key: str) -> OpenSession:
    key = row.session_key
    return OpenSession(handle_of(key), row.device, row.started_at, row.seen_at, key == current_key)


@dataclass(frozen=True, slots=True)
class SecondFactorPage:
    """What a person may do about their second proof: the proofs they have, and what they can add."""

    proofs: list[Factor]
    codes_left: int
    enrolment: totp.Enrolment | None
    passkey: passkeys.Ceremony | None


def second_factor_page(viewer: User, token: str = "") -> SecondFactorPage:
    """The person's proofs and what adding another takes. `token` is the enrolment of a form that was refused."""
    own = list(access.factors_for(viewer))
    has_app = any(factor.kind == Factor.Kind.APP for factor in own)
    keys = [factor for factor in own if factor.kind == Factor.Kind.PASSKEY]
    return SecondFactorPage(
        own,
        RecoveryCode.objects.filter(user=viewer).count(),
        None if has_app else totp.enrolment_again(viewer, token),
        passkeys.creation(viewer, keys) if passkeys.are_possible() else None,
    )


@dataclass(frozen=True, slots=True)
class SecondStep:
    """What the second page of sign-in can ask of a person."""

    asks_code: bool
    passkey: passkeys.Ceremony | None


def second_step(person: User) -> SecondStep:
    """What this person, whose password was right, can prove."""
    own = list(access.factors_for(person))
    keys = [factor for factor in own if factor.kind == Factor.Kind.PASSKEY]
    ceremony = passkeys.use(person, keys) if keys and passkeys.are_possible() else None
    return SecondStep(len(keys) < len(own), ceremony)


def team_page(viewer: User) -> list[User]:
    """The vendor's team, inactive members last. For administrators."""
    access.require(viewer, Capability.MANAGE_TEAM)
    return sorted(User.objects.filter(kind=User.Kind.STAFF), key=lambda person: not person.active)


def teams(viewer: User) -> list[Team]:
    """The teams of the vendor, by name, with their number of active members. For the team; nobody else has any."""
    if viewer.is_client:
        raise NotVisible
    return _TEAMS.fetch()


_TEAMS = CompiledQuery(
    lambda: Team.objects.annotate(size=Count("member", filter=Q(member__user__active=True))).order_by("name_key")
)


def get_team(viewer: User, key: str) -> Team:
    """One team. Raises NotVisible, also to clients."""
    found = next((team for team in teams(viewer) if team.key == key), None)
    if found is None:
        raise NotVisible
    return found


def members_of(team: Team) -> list[User]:
    """The active members of a team, by name."""
    return list(User.objects.filter(team_member__team=team, active=True))


def outbox_page(viewer: User, state: str) -> QuerySet[OutgoingEmail]:
    """The mails of the installation, newest first. For those who look after them."""
    access.require(viewer, Capability.SEE_OUTBOX)
    return outbox.emails(state=state)


def get_email(viewer: User, key: str) -> OutgoingEmail:
    """One mail of the outbox. Raises NotVisible."""
    found = outbox_page(viewer, "").filter(key=key).first() if is_key(key) else None
    if found is None:
        raise NotVisible
    return found


def account_of_form(signed: str) -> User:
    """The active person whom a form of ours was shown to; `signed` is their key and stamp, from a signature checked.

    Raises NotVisible when the account changed since: password, address, roles, activity (R8).
    """
    key, _, stamp = signed.partition(".")
    found = User.objects.filter(key=key, active=True).first()
    if found is None or str(found.stamp) != stamp:
        raise NotVisible
    return found


def login_needs_captcha(network: str) -> bool:
    """Whether the sign-in page shows the captcha to this network (decision 20)."""
    return throttle.login_needs_captcha(network)


def captcha_challenge(form: str) -> dict[str, Any]:
    """A new captcha for the form `form`, as the widget reads it."""
    return captcha.challenge(form)


def password_sentence(person: User | None = None) -> str:
    """The password rule in a sentence: the person's, or the one shown before we know them (S17)."""
    return (passwords.rule_for(person) if person else passwords.default_rule()).sentence()


def has_accounts() -> bool:
    """Whether any account exists: an installation without one is fresh."""
    return User.objects.exists()


def choosable(viewer: User) -> list[Kind]:
    """The kinds of message that the person chooses how to be told of, by key."""
    return [kind for kind in kinds.all_kinds() if kind.choice and _concerns(kind.choice, viewer)]


def _concerns(choice: Choice, viewer: User) -> bool:
    return choice.client if viewer.is_client else choice.staff


def choices_page(viewer: User) -> list[tuple[Kind, Preference, list[Mail]]]:
    """Each kind that the person chooses, how they want it, and the mails on offer."""
    return [(kind, preference_for(kind, viewer.notification_preferences), offered(kind)) for kind in choosable(viewer)]
