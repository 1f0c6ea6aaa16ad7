"""The terms that restrict a search to what is visible to its viewer (R1)."""

from calypso.accounts.access import may
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.access import projects_for
from calypso.search.index_terms import HANDED_TO_RD, term_of_project


def search_scope(viewer: User) -> frozenset[str] | None:
    """Returns the terms of which a document must hold at least one to be found by `viewer`; None if all are visible.

    This only avoids reading documents that `tickets_for` would refuse: what is found is still filtered by it.
    """
    if may(viewer, Capability.SEE_ALL):
        return None
    if may(viewer, Capability.NOTE):
        return frozenset({HANDED_TO_RD})
    return frozenset(term_of_project(key) for key in _VISIBLE_PROJECTS.fetch(viewer))


_VISIBLE_PROJECTS = CompiledQuery(lambda viewer: projects_for(viewer).order_by().values_list("pk", flat=True))
