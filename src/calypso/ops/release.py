"""The version of Calypso, and the commit that it was built from."""

from functools import cache
from importlib.metadata import version
from pathlib import Path

COMMIT = Path(__file__).with_name("commit.txt")  # written in builds made from a checkout
_CHECKOUT = Path(__file__).resolve().parents[3] / ".git"


@cache
def release() -> str:
    """Returns the version and the commit, as `0.1.0 (4b42471d9a3c)`; the version alone when the commit is unknown."""
    commit = COMMIT.read_text(encoding="ascii").strip() if COMMIT.exists() else commit_of(_CHECKOUT)
    return f"{version('calypso')} ({commit})" if commit else version("calypso")


def commit_of(checkout: Path) -> str:
    """Returns the commit of a checkout, in twelve characters, from the files of git; empty where there are none."""
    try:
        head = (checkout / "HEAD").read_text(encoding="ascii").strip()
        name = head.removeprefix("ref: ")
        if name == head:
            return head[:12]
        loose = checkout / name
        if loose.exists():
            return loose.read_text(encoding="ascii").strip()[:12]
        packed = (checkout / "packed-refs").read_text(encoding="ascii").splitlines()
        return next((line[:12] for line in packed if line.endswith(f" {name}")), "")
    except OSError:
        return ""
