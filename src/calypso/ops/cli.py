"""The `calypso` command: Django's commands and ours, with our settings."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import DatabaseError
from environs import EnvError

from calypso.ops.release import release


def main() -> None:
    """Runs one command of the command line. A setting or a database that cannot be used ends it with one line."""
    if sys.argv[1:] in (["--version"], ["version"]):
        print(f"Calypso {release()}")  # noqa: T201 - the output of the command
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calypso.config.settings")
    if "--demo" in sys.argv:  # the demonstration is answered by mail, from the desk where no mail leaves
        os.environ.setdefault("CALYPSO_REPLY_ADDRESS", "tickets@leni.example")
    try:
        settings.INSTALLED_APPS  # noqa: B018 - read now, to distinguish a refused setting from any other error
    except (ValueError, EnvError) as refusal:
        sys.exit(f"Réglage refusé : {refusal}")
    try:
        # Python cannot name a module with a hyphen; people type one.
        execute_from_command_line(
            [name.replace("-", "_") if place == 1 and name[0] != "-" else name for place, name in enumerate(sys.argv)]
        )
    except DatabaseError as failure:
        first = str(failure).strip().partition("\n")[0]
        sys.exit(f"La base de données ne répond pas, ou n'est pas prête (`calypso migrate`) : {first}")


if __name__ == "__main__":
    main()
