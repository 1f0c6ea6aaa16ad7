"""What the search holds of a person: the words of their name (R130)."""

from calypso.accounts.privacy import Erasure, Holding
from calypso.search.reindexing import holding, reindex, unlearn


def _erase(erasure: Erasure) -> None:
    # The documents still say what the texts, cleaned meanwhile, said: that is how those to write again are found.
    reindex(holding(erasure.names))
    unlearn(erasure.names)


SEARCH = Holding(erase=_erase)
