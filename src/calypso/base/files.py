"""Storage of attached files: opaque names outside any web root, each written completely or not at all (R62, R67)."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file safely written to disk: its opaque `name` in the store, its size in bytes and its SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class TooLarge(ValueError):
    """The content is longer than the given limit."""


def _root() -> Path:
    return Path(settings.FILES_ROOT)


def path_of(name: str) -> Path:
    """Returns the path of the stored file `name`, a name that `store` generated, never user input."""
    return _root() / name[:2] / name


def store(chunks: Iterable[bytes], *, limit: int) -> StoredFile:
    """Writes the content under a new opaque name, so that a database row never exists before its file.

    Writes a temporary file, calls fsync, then renames it. Raises TooLarge beyond `limit` bytes, leaving nothing behind.
    """
    name = secrets.token_hex(16)
    final = path_of(name)
    final.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = final.with_suffix(".part")
    digest, size = hashlib.sha256(), 0
    try:
        with open(os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return StoredFile(name, size, digest.hexdigest())


def open_stored(name: str) -> BinaryIO:
    """Opens the stored file for reading. Raises FileNotFoundError when the disk lost it (R149)."""
    return path_of(name).open("rb")


def remove(name: str) -> None:
    """Removes a stored file; does nothing when it is already gone."""
    path_of(name).unlink(missing_ok=True)


_readers: list[Callable[[], Iterable[str]]] = []


def declare_names(read: Callable[[], Iterable[str]]) -> None:
    """Registers what reads the stored names that a room's rows hold. Called when the applications are ready."""
    _readers.append(read)


def held_names() -> set[str]:
    """Returns the stored names that rows hold, in every room: the others are removed."""
    return {name for read in _readers for name in read()}


def stored_before(instant: float) -> Iterator[str]:
    """Yields the names of stored files last written before `instant` (seconds since the epoch)."""
    for file in _root().glob("??/*"):
        if file.stat().st_mtime < instant:
            yield file.name
