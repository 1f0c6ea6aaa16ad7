"""PostgreSQL's own programs for a copy and its return: they connect as the product does, every option included.

The password goes by the environment, not the command line.
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
    """Reads such a copy into the database, all or nothing."""
    _run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(source))


def address_of(database: dict[str, Any]) -> str:
    """The address of a database of the settings as libpq's programs read it, without its password."""
    names = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    options = {name: value for name, value in database["OPTIONS"].items() if name in known}
    return make_conninfo(**options, **{libpq: database[ours] for libpq, ours in names.items() if database[ours]})


def _run(program: str, *arguments: str) -> None:
    database = connection.settings_dict
    password = {"PGPASSWORD": str(database["PASSWORD"])} if database["PASSWORD"] else {}
    command = [_find(program), f"--dbname={address_of(database)}", *arguments]
    subprocess.run(command, env={**os.environ, **password}, check=True)


def _find(program: str) -> str:
    """The program on the path, else Debian's newest."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[4]))
    found = shutil.which(program) or (str(newest[-1]) if newest else None)
    if found is None:
        raise FileNotFoundError(f"{program} est introuvable : installez le client PostgreSQL.")
    return found
