"""`calypso docs`: writes the generated pages of docs/, or checks them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from calypso.ops import documentation


class Command(BaseCommand):
    help = "Writes docs/settings.md, docs/workflow.md and docs/e-mails.md; with --check, only says which are outdated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--folder", type=Path, default=Path("docs"))

    def handle(self, **options: Any) -> None:
        """Writes the pages, or raises CommandError naming those that are outdated."""
        if not options["check"]:
            documentation.write(options["folder"])
        elif outdated := documentation.outdated(options["folder"]):
            raise CommandError(f"outdated: {', '.join(outdated)}; run `make docs`")
