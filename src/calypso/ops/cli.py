"""The `calypso` command: Django's commands and ours, with our settings."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Runs one command of the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calypso.config.settings")
    # Python cannot name a module with a hyphen; people type one.
    execute_from_command_line(
        [name.replace("-", "_") if place == 1 and name[0] != "-" else name for place, name in enumerate(sys.argv)]
    )


if __name__ == "__main__":
    main()
