"""A project with the proof that it is visible to a viewer (R1, R8): queries on its content need not check again."""

from collections.abc import Sequence
from typing import Self, final

from django.db.models import FETCH_RAISE, QuerySet

from calypso.accounts.models import User
from calypso.base.errors import NotVisible
from calypso.base.text import is_key
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.access import projects_for
from calypso.projects.models import Project

_PEOPLE = ("client_manager", "vendor_manager")
_FIELDS = (
    *("key", "name", "phase", "event_date", "archived_at", "restricted", "by_batch", "mail_name", "organization__name"),
    *(f"{relation}__{column}" for relation in _PEOPLE for column in ("first_name", "last_name")),
)


@final
class VisibleProject:
    """`project`, visible to `viewer`: the constructor looks it up by its key among the projects visible to the viewer.

    There is no other way to create one, so that a function which takes one cannot grant access by mistake. The project
    has only the columns and names that a client's page shows. Raises NotVisible.
    """

    __slots__ = ("_project", "_viewer")

    def __init__(self, viewer: User, key: str) -> None:
        project: Project | None = _VISIBLE.first(viewer, key) if is_key(key) else None
        if project is None:
            raise NotVisible
        self._viewer, self._project = viewer, project

    @property
    def viewer(self) -> User:
        return self._viewer

    @property
    def project(self) -> Project:
        return self._project

    @property
    def cache_key(self) -> tuple[object, tuple[int, ...]]:
        """What decides how the SQL of a query on the project is written, and its primary key (`CompiledQuery`)."""
        return ("project", self._viewer.is_client), (self._project.pk,)

    def with_placeholders(self, numbers: Sequence[int]) -> Self:
        """Returns the same viewer with a project that does not exist: for SQL that is compiled and not run."""
        placeholder = object.__new__(type(self))
        placeholder._viewer, placeholder._project = self._viewer, Project(pk=numbers[0])
        return placeholder


def _visible(viewer: User, key: str) -> QuerySet[Project]:
    rows = projects_for(viewer).select_related("organization", *_PEOPLE).only(*_FIELDS)
    return rows.fetch_mode(FETCH_RAISE).filter(key=key)


_VISIBLE = CompiledQuery(_visible)
