"""Installations of released versions, as `calypso backup` copied them; made by `scripts/keep-installation`."""

import os
import tarfile
from pathlib import Path

KEPT = Path(__file__).parent


def engine() -> str:
    return "postgresql" if os.environ.get("CALYPSO_DATABASE_URL") else "sqlite"


def kept(version: str) -> Path:
    """The archive of the copy of a version, on the engine of this run."""
    return KEPT / f"{version}-{engine()}.tar.xz"


def versions() -> list[str]:
    """The versions of which a copy is kept."""
    return sorted(file.name.removesuffix(f"-{engine()}.tar.xz") for file in KEPT.glob(f"*-{engine()}.tar.xz"))


def unpack(version: str, folder: Path) -> Path:
    """The copy of a version as `calypso restore` wants it, in `folder`."""
    with tarfile.open(kept(version)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "copy"
