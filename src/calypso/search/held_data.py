"""What the search holds of a person: the words of their name (R130)."""

from calypso.accounts.privacy import Erasure, Holding
from calypso.search.reindexing import reindex, tickets_naming, unlearn


def _erase(erasure: Erasure) -> None:
    # The documents still say what the texts, cleaned meanwhile, said: that is how those to write again are found.
    reindex(tickets_naming(erasure.names))
    unlearn(erasure.names)


SEARCH = Holding(erase=_erase)
