"""A project together with the proof that somebody sees it (R1, R8): what hangs on the project need not ask again."""

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
    *("key", "name", "phase", "event_date", "archived_at", "restricted", "by_batch", "organization__name"),
    *(f"{one}__{column}" for one in _PEOPLE for column in ("first_name", "last_name")),
)


@final
class VisibleProject:
    """`project`, which `viewer` sees: making one looks it up by its key among the projects of the viewer.

    There is no other way to make one, so that a function which takes it lets nobody in by mistake. The project has the
    facts and names that a client's page shows, no others. Raises NotVisible.
    """

    __slots__ = ("_project", "_viewer")

    def __init__(self, viewer: User, key: str) -> None:
        found: Project | None = _VISIBLE.first(viewer, key) if is_key(key) else None
        if found is None:
            raise NotVisible
        self._viewer, self._project = viewer, found

    @property
    def viewer(self) -> User:
        return self._viewer

    @property
    def project(self) -> Project:
        return self._project

    @property
    def cache_key(self) -> tuple[object, tuple[int, ...]]:
        """What decides how a query on the project is written, and the number that it holds (`CompiledQuery`)."""
        return ("project", self._viewer.is_client), (self._project.pk,)

    def with_placeholders(self, numbers: Sequence[int]) -> Self:
        """The same viewer, of a project that is none: for SQL that is compiled and not run."""
        placeholder = object.__new__(type(self))
        placeholder._viewer, placeholder._project = self._viewer, Project(pk=numbers[0])
        return placeholder


def _visible(viewer: User, key: str) -> QuerySet[Project]:
    rows = projects_for(viewer).select_related("organization", *_PEOPLE).only(*_FIELDS)
    return rows.fetch_mode(FETCH_RAISE).filter(key=key)


_VISIBLE = CompiledQuery(_visible)
