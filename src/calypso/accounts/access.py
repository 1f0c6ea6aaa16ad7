"""Who may do what, and who may see which person or company. The only place where accounts decide it (R1)."""

from functools import cache, reduce

from django.conf import settings
from django.db.models import QuerySet

from calypso.accounts.capabilities import CLIENT_CAPABILITIES, ROLE_CAPABILITIES, Capability, Role
from calypso.accounts.models import Factor, Membership, Organization, Session, Team, User
from calypso.base.errors import Forbidden, NotVisible

# The names by which interfaces speak of rows: as types only, so that no interface can reach a table through them.
type Viewer = User
type SeenOrganization = Organization
type SeenTeam = Team


def as_viewer(user: object) -> User:
    """The signed-in person behind a request's user. Raises NotVisible for nobody."""
    if not isinstance(user, User):
        raise NotVisible
    return user


def capabilities_of(viewer: User) -> frozenset[Capability]:
    """Everything the person may do, all roles together; nothing for an inactive one."""
    if not viewer.active:
        return frozenset()
    return CLIENT_CAPABILITIES if viewer.is_client else _of_roles(*viewer.roles)


@cache
def _of_roles(*roles: Role) -> frozenset[Capability]:
    return reduce(frozenset.union, (ROLE_CAPABILITIES[role] for role in roles), frozenset())


def may(viewer: User, capability: Capability) -> bool:
    """Whether a role of `viewer` gives `capability`."""
    return capability in capabilities_of(viewer)


def require(viewer: User, capability: Capability) -> None:
    """Raises Forbidden to staff who lack the capability, NotVisible to a client: the desk does not exist for them."""
    if may(viewer, capability):
        return
    raise NotVisible if viewer.is_client else Forbidden


def require_manage_account(viewer: User, person: User) -> None:
    """Raises unless `viewer` looks after that account: as a manager of clients, or of the team for its members."""
    require(viewer, Capability.MANAGE_CLIENTS if person.is_client else Capability.MANAGE_TEAM)


def organizations_for(viewer: User) -> QuerySet[Organization]:
    """The companies a person may know of: a contact's own, all of them for the team."""
    if viewer.is_client:
        return Organization.objects.filter(pk__in=viewer.organization_ids)
    if may(viewer, Capability.SEE_ALL):
        return Organization.objects.all()
    return Organization.objects.none()


def people_for(viewer: User) -> QuerySet[User]:
    """The people a person may know of: colleagues for a contact, everyone for the team."""
    if viewer.is_client:
        return colleagues(viewer.organization_ids)
    if may(viewer, Capability.SEE_ALL):
        return User.objects.all()
    return User.objects.none()


def colleagues(organization_ids: frozenset[int] | set[int]) -> QuerySet[User]:
    """The active contacts of these companies, as long as these are active."""
    members = Membership.objects.filter(
        organization_id__in=organization_ids, organization__active=True, active=True
    ).values("user_id")
    return User.objects.filter(pk__in=members, active=True, kind=User.Kind.CLIENT)


def sessions_for(viewer: User) -> QuerySet[Session]:
    """The person's own signed-in browsers, and nobody else's."""
    return Session.objects.filter(user_id=viewer.pk)


def must_have_factor(person: User) -> bool:
    """Whether the installation demands a second proof of this person (decision 21)."""
    return settings.SECOND_FACTOR == "staff" and not person.is_client


def factors_for(viewer: User) -> QuerySet[Factor]:
    """The person's own second proofs, oldest first, and nobody else's."""
    return Factor.objects.filter(user_id=viewer.pk).order_by("created_at", "pk")
