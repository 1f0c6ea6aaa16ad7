"""What other rooms do when a setting changes at the desk."""

from collections.abc import Callable, Set

_FOLLOWERS: list[tuple[Set[str], Callable[[], object]]] = []


def follow(names: Set[str], run: Callable[[], object]) -> None:
    """Has `run` called in the transaction that changes one of these settings. Called once, at start."""
    _FOLLOWERS.append((names, run))


def run_for(names: Set[str]) -> None:
    """Runs what follows one of the settings that just changed."""
    for followed, run in _FOLLOWERS:
        if names & followed:
            run()
