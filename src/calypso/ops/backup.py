"""Backups: a consistent copy of an installation, its verification, its restoration (13.4).

A copy is a folder: the database (`database.sqlite3` or `database.dump`), `files/`, `manifest.json`. The database is
copied first: a file leaves the disk a day after its row at the soonest, so every copied row finds its file. The secret
is not copied, nor is what is ephemeral (the journal, the collected static files).
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import F

from calypso.accounts.actions.erasing import erase_again
from calypso.accounts.models import Session, User
from calypso.base import clock
from calypso.base.files import path_of
from calypso.ops import postgresql
from calypso.outbox import pause
from calypso.outbox.models import OutgoingEmail
from calypso.tickets.models import Attachment, Ticket

MANIFEST = "manifest.json"
LAST = "last-backup"  # in the state folder: the instant of the last copy


class Refused(RuntimeError):
    """A copy or a restoration that was not begun; the message says why, in French, for whoever typed the command."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of a copy. `files` maps each path inside the copy to its SHA-256; `migrations` are `app.name`."""

    version: str
    engine: str
    made_at: str
    migrations: list[str]
    tickets: int
    people: int
    files: dict[str, str]


def make(folder: Path) -> Manifest:
    """Copies the installation into `folder`, which must be absent or empty, even under load. Raises Refused."""
    if folder.resolve().is_relative_to(Path(settings.FILES_ROOT).resolve()):
        raise Refused(f"{folder} est dans le dossier des fichiers : choisissez-en un autre.")
    try:
        if folder.exists() and any(folder.iterdir()):
            raise Refused(f"{folder} n'est pas vide.")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as failure:
        raise Refused(f"{folder} : {failure.strerror}.") from None
    if _on_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / "database.sqlite3")])
    else:
        postgresql.dump(folder / "database.dump")
    if Path(settings.FILES_ROOT).exists():
        shutil.copytree(settings.FILES_ROOT, folder / "files", ignore=shutil.ignore_patterns("*.part"))
    manifest = Manifest(
        version("calypso"),
        connection.vendor,
        clock.now().isoformat(timespec="seconds"),
        sorted(f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.applied_migrations),
        Ticket.objects.count(),
        User.objects.count(),
        {path: _digest(folder / path) for path in _contents(folder)},
    )
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    (Path(settings.VAR) / LAST).write_text(manifest.made_at, encoding="utf-8")
    return manifest


def verify(folder: Path) -> list[str]:
    """Returns what is wrong with a copy: files missing, changed or unknown; empty when it is intact. Raises Refused."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as failure:
        raise Refused(f"{folder} ne contient pas de sauvegarde lisible : {failure}") from None
    paths = set(_contents(folder))
    problems = [f"{path} : absent" for path in sorted(manifest.files.keys() - paths)]
    problems += [f"{path} : inconnu du manifeste" for path in sorted(paths - manifest.files.keys())]
    problems += [
        f"{path} : contenu changé"
        for path, digest in manifest.files.items()
        if path in paths and _digest(folder / path) != digest
    ]
    return problems


def restore(folder: Path) -> Manifest:
    """Restores a copy into this installation, which must be empty.

    The installation is then paused, sessions and links are void, and people erased since the copy are erased again.
    Raises Refused when the installation is not empty, or when the copy is damaged, newer than this version or of
    another engine.
    """
    if problems := verify(folder):
        raise Refused("Sauvegarde endommagée : " + " ; ".join(problems[:5]))
    manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    if manifest.engine != connection.vendor:
        raise Refused(f"Cette sauvegarde vient de {manifest.engine}, cette installation est en {connection.vendor}.")
    own_migrations = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := set(manifest.migrations) - own_migrations:
        raise Refused(f"Cette sauvegarde vient d'une version plus récente ({', '.join(sorted(unknown)[:3])}).")
    if connection.introspection.table_names() or any(_walk(Path(settings.FILES_ROOT))):
        raise Refused("Cette installation n'est pas vide : rien n'a été touché.")
    pause.pause()
    if _on_sqlite():
        with sqlite3.connect(folder / "database.sqlite3") as copy:
            connection.ensure_connection()
            copy.backup(connection.connection)
        copy.close()
    else:
        postgresql.load(folder / "database.dump")
    if (folder / "files").exists():
        shutil.copytree(folder / "files", settings.FILES_ROOT, dirs_exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    Session.objects.all().delete()
    User.objects.update(stamp=F("stamp") + 1)
    OutgoingEmail.objects.update(claimed_at=None)
    erase_again()
    return manifest


def damaged_files() -> list[str]:
    """Returns the stored names of attachments whose file is absent or differs from what was received."""
    rows = Attachment.objects.values_list("stored", "sha256").iterator(chunk_size=500)
    return [stored for stored, digest in rows if _digest_or_none(stored) != digest]


def last_made() -> str:
    """Returns when the last copy was made, as ISO 8601; empty when none was."""
    path = Path(settings.VAR) / LAST
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _on_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _walk(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _contents(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in _walk(folder) if path.name != MANIFEST)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_or_none(stored: str) -> str | None:
    path = path_of(stored)
    return _digest(path) if path.exists() else None
