"""PostgreSQL's own programs for a copy and its return; the password goes by the environment, not the command line."""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection


def dump(target: Path) -> None:
    """Writes a consistent copy of the database to `target`, in the custom format of pg_dump."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def load(source: Path) -> None:
    """Reads such a copy into the database, all or nothing."""
    name = str(connection.settings_dict["NAME"])
    _run(
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={name}",
        str(source),
    )


def _run(program: str, *arguments: str) -> None:
    known = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(known["HOST"]),
        "PGPORT": str(known["PORT"]),
        "PGUSER": str(known["USER"]),
        "PGPASSWORD": str(known["PASSWORD"]),
        "PGDATABASE": str(known["NAME"]),
    }
    subprocess.run([_find(program), *arguments], env={k: v for k, v in environment.items() if v}, check=True)


def _find(program: str) -> str:
    """The program on the path, else Debian's newest."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[4]))
    found = shutil.which(program) or (str(newest[-1]) if newest else None)
    if found is None:
        raise FileNotFoundError(f"{program} est introuvable : installez le client PostgreSQL.")
    return found
