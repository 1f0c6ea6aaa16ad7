"""What a search may look at, for whom (R1)."""

from calypso.accounts.access import may
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import User
from calypso.internals.compiled_query import CompiledQuery
from calypso.projects.access import projects_for
from calypso.search.index_terms import HANDED_TO_RD, term_of_project


def search_scope(viewer: User) -> frozenset[str] | None:
    """The terms of which a document that the person may find holds one at least; None for who sees all.

    They spare a search what `tickets_for` would refuse, which is asked of what it finds nevertheless.
    """
    if may(viewer, Capability.SEE_ALL):
        return None
    if may(viewer, Capability.NOTE):
        return frozenset({HANDED_TO_RD})
    return frozenset(term_of_project(key) for key in _SEEN.fetch(viewer))


_SEEN = CompiledQuery(lambda viewer: projects_for(viewer).order_by().values_list("pk", flat=True))
