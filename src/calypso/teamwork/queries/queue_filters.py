"""The options of the filters of the queue and of the dashboard, for an installation of any size."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from calypso.accounts import access as accounts
from calypso.accounts.audit_log import latest_entry
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import Organization, User
from calypso.accounts.queries import staff_with, teams
from calypso.base.process_cache import cached
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.access import projects_for
from calypso.projects.models import Project
from calypso.teamwork.queries.queue import ME, NOBODY, QueueFilters
from calypso.tickets.access import tickets_for
from calypso.tickets.workflow import State

MOST = 50  # most companies, or projects, that a selector lists: beyond, they are found by typing

type Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QueueChoices:
    """The companies, current projects, assignees and teams to filter by, as (key, label).

    `narrow` is true when there are more projects or companies than a selector lists: only the chosen one is listed, and
    the projects of a chosen company.
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


def _projects(viewer: User, by_company: bool, organization: str) -> QuerySet[Any]:
    rows = projects_for(viewer).filter(archived_at__isnull=True)
    if by_company:
        rows = rows.filter(organization__key=organization)
    return _option_columns(rows.order_by("name"))[: MOST + 1]


def _option_columns(projects: QuerySet[Project]) -> QuerySet[Any]:
    rows: QuerySet[Any] = projects.values_list("key", "name", "organization__name")
    return rows


def _open_assignees(viewer: User) -> QuerySet[User]:
    open_tickets = tickets_for(viewer).exclude(state=State.CLOSED).order_by()
    return User.objects.filter(kind=User.Kind.STAFF, pk__in=open_tickets.values("assignee"))


_COMPANIES, _PROJECTS = CompiledQuery(_companies), CompiledQuery(_projects)
_OPEN_ASSIGNEES = CompiledQuery(_open_assignees)


class _CachedOptions(NamedTuple):
    """The companies, the current projects of one or all of them, those who have open tickets.

    There is at most one project more than a selector lists.
    """

    companies: Options
    projects: Options
    assignees: Options


def _options_of(viewer: User, organization: str) -> _CachedOptions:
    projects = _PROJECTS.fetch(viewer, bool(organization), organization)
    return _CachedOptions(
        tuple(_COMPANIES.fetch(viewer)), tuple(map(_option, projects)), _people(_OPEN_ASSIGNEES.fetch(viewer))
    )


def _people(people: Iterable[User]) -> Options:
    return tuple((person.key, person.full_name) for person in people)


def _option(row: Any) -> tuple[str, str]:
    key, name, company = row
    return key, f"{name} ({company})"


def _assignees(with_tickets: Options, named: str) -> Options:
    """Returns those who work on tickets, then others who have some open, then the person with the key `named`."""
    people = tuple(dict([*_people(staff_with(Capability.WORK)), *with_tickets]).items())
    if named in {"", NOBODY, ME, *dict(people)}:
        return people
    return people + _people(User.objects.filter(key=named, kind=User.Kind.STAFF))


def queue_choices(viewer: User, filters: QueueFilters) -> QueueChoices:
    """Returns the options of the filters, including the project and the assignee that `filters` selects."""
    key = filters.organization if accounts.may(viewer, Capability.SEE_ALL) else f"{viewer.pk}:{filters.organization}"
    options = cached("queue_choices", (key, latest_entry()), lambda: _options_of(viewer, filters.organization))
    projects, companies = options.projects, options.companies
    if len(projects) > MOST:
        projects = ()
    if len(companies) > MOST:
        companies = tuple((key, name) for key, name in companies if key == filters.organization)
    if filters.project and filters.project not in dict(projects):
        projects += tuple(map(_option, _option_columns(projects_for(viewer).filter(key=filters.project))))
    narrow = max(len(options.projects), len(options.companies)) > MOST
    return QueueChoices(
        companies,
        projects,
        _assignees(options.assignees, filters.assignee),
        tuple((row.key, row.name) for row in teams(viewer)),
        narrow,
    )
