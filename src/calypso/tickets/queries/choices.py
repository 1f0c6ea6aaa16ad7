"""What the filters of the queue and of the dashboard offer, in an installation of any size."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from calypso.accounts import access as accounts
from calypso.accounts.models import Organization, User
from calypso.accounts.queries import teams
from calypso.base.prepared import Prepared
from calypso.projects.access import projects_for
from calypso.tickets.queries.desk import QueueFilters, assignable

MOST = 100  # projects that a selector lists: beyond, the company is chosen first

type Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QueueChoices:
    """The companies, current projects, assignees and teams to filter by, as (key, label).

    `narrow` says that there are more projects than a selector lists: choosing the company shows its own.
    """

    organizations: Options
    projects: Options
    assignees: Options
    teams: Options
    narrow: bool


def _companies(viewer: User) -> QuerySet[Any]:
    companies = accounts.organizations_for(viewer).filter(kind=Organization.Kind.CLIENT)
    rows: QuerySet[Any] = companies.order_by("name").values_list("key", "name")
    return rows


def _projects(viewer: User, of_one: bool, organization: str) -> QuerySet[Any]:
    rows = projects_for(viewer).filter(archived_at__isnull=True)
    if of_one:
        rows = rows.filter(organization__key=organization)
    return rows.order_by("name").values_list("key", "name", "organization__name")[: MOST + 1]


_COMPANIES, _PROJECTS = Prepared(_companies), Prepared(_projects)


def queue_choices(viewer: User, filters: QueueFilters) -> QueueChoices:
    """What the filters offer, the project that they ask for included. Four queries."""
    found: list[Any] = _PROJECTS(viewer, bool(filters.organization), filters.organization)
    narrow = len(found) > MOST
    if narrow:
        found = [row for row in found[:MOST] if filters.organization]
    if filters.project and filters.project not in {key for key, _name, _company in found}:
        asked = projects_for(viewer).filter(key=filters.project)
        found += asked.values_list("key", "name", "organization__name")
    return QueueChoices(
        tuple(_COMPANIES(viewer)),
        tuple((key, f"{name} ({company})") for key, name, company in found),
        tuple((row.key, row.full_name) for row in assignable(viewer)),
        tuple((row.key, row.name) for row in teams(viewer)),
        narrow,
    )
