"""PostgreSQL's own programs for backup and restoration, connected as the product is, every option included.

The password is passed by the environment, not by the command line.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo


def dump(target: Path) -> None:
    """Writes a consistent copy of the database to `target`, in the custom format of pg_dump."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def load(source: Path) -> None:
    """Loads a copy written by `dump` into the database, in one transaction."""
    _run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(source))


def address_of(database: dict[str, Any]) -> str:
    """Returns the address of a database of the settings as libpq's programs read it, without its password."""
    names = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    accepted = {option.keyword.decode() for option in Conninfo.get_defaults()}
    options = {name: value for name, value in database["OPTIONS"].items() if name in accepted}
    return make_conninfo(**options, **{libpq: database[django] for libpq, django in names.items() if database[django]})


def _run(program: str, *arguments: str) -> None:
    database = connection.settings_dict
    password = {"PGPASSWORD": str(database["PASSWORD"])} if database["PASSWORD"] else {}
    command = [_find(program), f"--dbname={address_of(database)}", *arguments]
    subprocess.run(command, env={**os.environ, **password}, check=True)


def _find(program: str) -> str:
    """Returns the program on the path, else Debian's newest. Raises FileNotFoundError."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[4]))
    executable = shutil.which(program) or (str(newest[-1]) if newest else None)
    if executable is None:
        raise FileNotFoundError(f"{program} est introuvable : installez le client PostgreSQL.")
    return executable
