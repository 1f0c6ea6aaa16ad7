"""The personal data that the search holds, the words of people's names, and how it is erased (R130)."""

from calypso.accounts.privacy import Erasure, Holding
from calypso.search.reindexing import reindex, tickets_naming, unlearn


def _erase(erasure: Erasure) -> None:
    # The texts are already cleaned, but their documents still hold the names: this finds the documents to rewrite.
    reindex(tickets_naming(erasure.names))
    unlearn(erasure.names)


SEARCH = Holding(erase=_erase)
