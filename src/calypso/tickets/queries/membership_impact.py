"""Impact previews shown before a contact leaves or joins a company, or two accounts are merged (R9)."""

from dataclasses import dataclass

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import Organization, User
from calypso.accounts.queries import organizations_of
from calypso.projects.access import projects_for
from calypso.projects.models import Project, ViewingRight
from calypso.tickets.models import Ticket, TicketEvent
from calypso.tickets.workflow import State


@dataclass(frozen=True, slots=True)
class LeavingImpact:
    """What a contact loses by leaving a company.

    `led`: projects whose client manager they are; `listed`: restricted projects that they may view; `declared` and
    `followed`: numbers of open tickets that they declared, or are in copy of.
    """

    led: list[Project]
    listed: list[Project]
    declared: int
    followed: int


def leaving_impact(viewer: User, person: User, organization: Organization) -> LeavingImpact:
    """Returns what the contact loses by leaving the company. Requires `MANAGE_CLIENTS`."""
    require(viewer, Capability.MANAGE_CLIENTS)
    projects = Project.objects.filter(organization=organization, archived_at__isnull=True).order_by("name")
    listed_ids = ViewingRight.objects.filter(user=person).values("project_id")
    tickets = Ticket.objects.filter(organization=organization).exclude(state=State.CLOSED)
    return LeavingImpact(
        led=list(projects.filter(client_manager=person)),
        listed=list(projects.filter(pk__in=listed_ids, restricted=True)),
        declared=tickets.filter(author=person).count(),
        followed=tickets.filter(follower=person).count(),
    )


def joining_impact(viewer: User, organization: Organization) -> list[Project]:
    """Returns the current projects of the company that are visible to all its contacts. Requires `MANAGE_CLIENTS`."""
    require(viewer, Capability.MANAGE_CLIENTS)
    return list(
        Project.objects.filter(organization=organization, archived_at__isnull=True, restricted=False).order_by("name")
    )


@dataclass(frozen=True, slots=True)
class MergeImpact:
    """What the kept account gains from the other.

    `companies` and `projects` are those that it did not have or see; `led` are the projects whose client manager the
    other account is; `tickets` and `entries` the numbers of tickets it declared and of other timeline entries it wrote.
    """

    companies: list[Organization]
    projects: list[Project]
    led: list[Project]
    tickets: int
    entries: int


def merge_impact(viewer: User, kept: User, gone: User) -> MergeImpact:
    """Returns what `kept` gains when the account `gone` is merged into it. Requires `MANAGE_CLIENTS`."""
    require(viewer, Capability.MANAGE_CLIENTS)
    own_ids = {company.pk for company in organizations_of(kept)}
    visible_ids = projects_for(kept).values("pk")
    return MergeImpact(
        companies=[company for company in organizations_of(gone) if company.pk not in own_ids],
        projects=list(projects_for(gone).exclude(pk__in=visible_ids).filter(archived_at__isnull=True).order_by("name")),
        led=list(Project.objects.filter(client_manager=gone).order_by("name")),
        tickets=Ticket.objects.filter(author=gone).count(),
        entries=TicketEvent.objects.filter(actor=gone).exclude(kind=TicketEvent.Kind.OPENED).count(),
    )
