"""Decides what a person may do, and which people and companies they see (R1). No other module of accounts does."""

from functools import cache, reduce

from django.db.models import QuerySet

from calypso.accounts.capabilities import CLIENT_CAPABILITIES, ROLE_CAPABILITIES, Capability, Role
from calypso.accounts.models import Factor, Membership, Organization, Session, Team, User
from calypso.base.chosen import chosen
from calypso.base.errors import Forbidden, NotVisible

# For the annotations of interfaces, which may not import models: no table can be queried through a `type` alias.
type Viewer = User
type SeenOrganization = Organization
type SeenTeam = Team


def as_viewer(user: object) -> User:
    """Returns the signed-in person of a request's `user`. Raises NotVisible when nobody is signed in."""
    if not isinstance(user, User):
        raise NotVisible
    return user


def capabilities_of(viewer: User) -> frozenset[Capability]:
    """Returns the capabilities of the person, those of all roles together; none for an inactive person."""
    if not viewer.active:
        return frozenset()
    return CLIENT_CAPABILITIES if viewer.is_client else _of_roles(*viewer.roles)


@cache
def _of_roles(*roles: Role) -> frozenset[Capability]:
    return reduce(frozenset.union, (ROLE_CAPABILITIES[role] for role in roles), frozenset())


def may(viewer: User, capability: Capability) -> bool:
    """Returns whether `viewer` has `capability`."""
    return capability in capabilities_of(viewer)


def require(viewer: User, capability: Capability) -> None:
    """Raises unless `viewer` has the capability: Forbidden for the team, NotVisible for a client, who sees no desk."""
    if may(viewer, capability):
        return
    raise NotVisible if viewer.is_client else Forbidden


def require_manage_account(viewer: User, person: User) -> None:
    """Raises, as `require` does, unless `viewer` may manage the account of `person`.

    That takes `MANAGE_CLIENTS` for a contact, `MANAGE_TEAM` for a team member.
    """
    require(viewer, Capability.MANAGE_CLIENTS if person.is_client else Capability.MANAGE_TEAM)


def organizations_for(viewer: User) -> QuerySet[Organization]:
    """Returns the companies visible to `viewer`: their own for a contact, all for the team (`SEE_ALL`)."""
    if viewer.is_client:
        return Organization.objects.filter(pk__in=viewer.organization_ids)
    if may(viewer, Capability.SEE_ALL):
        return Organization.objects.all()
    return Organization.objects.none()


def people_for(viewer: User) -> QuerySet[User]:
    """Returns the people visible to `viewer`: colleagues for a contact, everyone for the team (`SEE_ALL`)."""
    if viewer.is_client:
        return colleagues(viewer.organization_ids)
    if may(viewer, Capability.SEE_ALL):
        return User.objects.all()
    return User.objects.none()


def colleagues(organization_ids: frozenset[int] | set[int]) -> QuerySet[User]:
    """Returns the active contacts of these companies. Inactive companies have none."""
    members = Membership.objects.filter(
        organization_id__in=organization_ids, organization__active=True, active=True
    ).values("user_id")
    return User.objects.filter(pk__in=members, active=True, kind=User.Kind.CLIENT)


def sessions_for(viewer: User) -> QuerySet[Session]:
    """Returns the person's own sessions."""
    return Session.objects.filter(user_id=viewer.pk)


def must_have_factor(person: User) -> bool:
    """Returns whether the setting `SECOND_FACTOR` requires a second factor of this person (decision 21)."""
    return chosen("SECOND_FACTOR") == "staff" and not person.is_client


def factors_for(viewer: User) -> QuerySet[Factor]:
    """Returns the person's own second factors, oldest first."""
    return Factor.objects.filter(user_id=viewer.pk).order_by("created_at", "pk")
